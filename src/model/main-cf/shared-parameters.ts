/** The installation parameters that all instances share. Source: SHARED_PARAMETERS in postmulti-script. */

/** Copied from the primary into a new main.cf where the primary sets them, commented out where it does not. */
export const sharedParameters = [
  'command_directory',
  'daemon_directory',
  'meta_directory',
  'mail_owner',
  'setgid_group',
  'sendmail_path',
  'mailq_path',
  'newaliases_path',
  'html_directory',
  'manpage_directory',
  'sample_directory',
  'readme_directory',
  'shlib_directory',
]
