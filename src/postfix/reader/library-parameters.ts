/**
 * What the Postfix library evaluates when a program starts, in its order, and what it asks of each value. A default is
 * known to others only after its own turn. Releases differ a little: a name that this Postfix does not have is passed over.
 * Source: mail_params_init() in Postfix's mail_params.c.
 */

/** True for a value that is plainly right; others may be right, too. */
export type ValueCheck = (value: string) => boolean

const anyText: ValueCheck = () => true
const filled: ValueCheck = (value) => value !== ''
const yesOrNo: ValueCheck = (value) => /^(?:yes|no)$/i.test(value)
const time: ValueCheck = (value) => /^[1-9]\d{0,5}[smhdw]?$/.test(value)
const atLeast =
  (minimum: number): ValueCheck =>
  (value) =>
    /^\d{1,9}$/.test(value) && Number(value) >= minimum

export const libraryParameters = new Map<string, ValueCheck>([
  ...each(anyText, 'compatibility_level'),
  ...each(filled, 'mail_version syslog_facility'),
  ...each(anyText, 'inet_protocols multi_instance_directories multi_instance_group multi_instance_name maillog_file'),
  ...each(filled, 'maillog_file_prefixes maillog_file_compressor maillog_file_rotate_suffix maillog_file_permissions'),
  ...each(filled, 'postlog_service_name'),
  ...each(anyText, 'dnssec_probe known_tcp_ports'),
  ...each(yesOrNo, 'daemon_table_open_error_is_fatal dns_ncache_ttl_fix_enable'),
  ...each(yesOrNo, 'smtputf8_enable enable_idna2003_compatibility respectful_logging'),
  ...each(filled, 'myhostname mydomain mail_name syslog_name mail_owner setgid_group'),
  ...each(anyText, 'mydestination'),
  ...each(filled, 'myorigin'),
  ...each(anyText, 'relayhost'),
  ...each(filled, 'daemon_directory data_directory command_directory meta_directory queue_directory shlib_directory'),
  ...each(filled, 'process_id_directory'),
  ...each(anyText, 'inet_interfaces proxy_interfaces'),
  ...each(filled, 'double_bounce_sender default_privs'),
  ...each(anyText, 'alias_database'),
  ...each(filled, 'mail_release_date default_database_type hash_queue_names'),
  ...each(anyText, 'recipient_delimiter relay_domains fast_flush_domains export_environment import_environment'),
  ...each(filled, 'mynetworks_style'),
  ...each(anyText, 'debug_peer_list'),
  ...each(filled, 'default_verp_delimiters verp_delimiter_filter'),
  ...each(anyText, 'parent_domain_matches_subdomains alternate_config_directories'),
  ...each(filled, 'bounce_service_name cleanup_service_name defer_service_name pickup_service_name'),
  ...each(filled, 'queue_service_name rewrite_service_name showq_service_name error_service_name'),
  ...each(filled, 'flush_service_name verify_service_name trace_service_name proxymap_service_name'),
  ...each(filled, 'proxywrite_service_name'),
  ...each(anyText, 'internal_mail_filter_classes multi_instance_wrapper default_delivery_status_filter'),
  ...each(filled, 'smtputf8_autodetect_classes'),
  ...each(anyText, 'message_drop_headers'),
  ...each(filled, 'info_log_address_format'),
  ...each(atLeast(1), 'default_process_limit max_use'),
  ...each(atLeast(0), 'dont_remove'),
  ...each(atLeast(512), 'line_length_limit'),
  ...each(atLeast(1), 'hash_queue_depth fork_attempts deliver_lock_attempts debug_peer_level'),
  ...each(atLeast(0), 'fault_injection_code'),
  ...each(atLeast(1), 'berkeley_db_create_buffer_size berkeley_db_read_buffer_size header_size_limit'),
  ...each(atLeast(1), 'header_address_token_limit mime_nesting_limit mime_boundary_length_limit'),
  ...each((value) => /^[0-6]$/.test(value), 'delay_logging_resolution_limit'),
  ...each(atLeast(0), 'tcp_windowsize message_size_limit'),
  ...each(atLeast(1), 'lmdb_map_size'),
  ...each(yesOrNo, 'disable_dns_lookups soft_bounce owner_request_special strict_8bitmime strict_7bit_headers'),
  ...each(yesOrNo, 'strict_8bitmime_body strict_mime_encoding_domain disable_mime_input_processing'),
  ...each(yesOrNo, 'disable_mime_output_conversion address_verify_negative_cache'),
  ...each(yesOrNo, 'backwards_bounce_logfile_compatibility helpful_warnings send_cyrus_sasl_authzid'),
  ...each(yesOrNo, 'multi_instance_enable enable_long_queue_ids strict_smtputf8 enable_original_recipient'),
  ...each(time, 'application_event_drain_time max_idle ipc_timeout ipc_idle ipc_ttl trigger_timeout fork_delay'),
  ...each(time, 'deliver_lock_delay stale_lock_time daemon_timeout'),
  ...each((value) => /^(?:10|\d)s?$/.test(value), 'in_flow_delay'),
  ...each(anyText, 'mynetworks'),
])

/** What postmulti(1) evaluates after the library. */
export const postmultiParameters = ['postmulti_start_commands', 'postmulti_stop_commands', 'postmulti_control_commands']

function each(check: ValueCheck, names: string): [string, ValueCheck][] {
  return names.split(' ').map((name) => [name, check])
}
