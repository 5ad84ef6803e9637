/**
 * The configuration files of the walk-through's three instances, each with the few lines that show what it is for.
 * Source: MULTI_INSTANCE_README, "Multi-instance walk-through"; names and addresses are those of
 * plugins/plugin-api/host.
 */

export interface Text {
  /** What to show of it. */
  shown: string[]
  text: string
}

export const filterPlace = {address: '127.0.0.1', port: 10025}
export const reinjectPlace = {address: '127.0.0.1', port: 10026}
export const inputPlace = {address: '192.0.2.25', port: 25}
export const hubPlace = {address: '10.1.1.25', port: 25}
export const outsidePlace = {address: '203.0.113.9', port: 25}

/** The type of the indexed tables: cdb, or hash where the cdb plug-in is not installed. */
export type TableType = 'cdb' | 'hash'

export function nullClient(type: TableType): Text {
  return {
    shown: ['master_service_disable = inet', 'relayhost = [mailhub.example.com]'],
    text: `
myhostname = mta1.example.com
mydomain = example.com

# Accounts are user@example.com, not user@host.example.com.
myorigin = $mydomain

# No SMTP server: mail comes from sendmail(1) only.
master_service_disable = inet

${noLocalDelivery}
relayhost = [mailhub.example.com]
inet_interfaces = loopback-only

default_database_type = ${type}
indexed = \${default_database_type}:\${config_directory}/

# The sender address of root tells which host it is.
smtp_generic_maps = \${indexed}generic

# Mail to root goes to the people who look after the mail system.
virtual_alias_maps = \${indexed}virtual
`,
  }
}

export const virtual: Text = {
  shown: ['root        mtaadmin', 'postmaster  root'],
  text: `root        mtaadmin
postmaster  root
`,
}

/** Makes the table "generic" for this host, and the indexed files from their sources. */
export function makefile(type: TableType): Text {
  const suffix = type === 'cdb' ? 'cdb' : 'db'
  return {
    shown: [`all: virtual.${suffix} generic.${suffix}`],
    text: `MTAADMIN = mtaadmin

all: virtual.${suffix} generic.${suffix}

generic: Makefile
	@printf '%s\\t%s+root=%s\\n' root $(MTAADMIN) \`uname -n\` >$@.tmp
	@mv $@.tmp $@

%.${suffix}: %
	postmap ${type}:$<
`,
  }
}

const noLocalDelivery = `mydestination =
alias_database =
alias_maps =
local_recipient_maps =
local_transport = error:5.1.1 Mailbox unavailable
`

/** The post-filter instance: takes mail back from the filter and sends it inside. */
export const output: Text = {
  shown: ['relay_transport = relay:[mailhub.example.com]', 'smtpd_authorized_xforward_hosts = $mynetworks'],
  text: `
myhostname = mta1-out.example.com
mydomain = example.com

inet_interfaces = loopback-only
mynetworks_style = host
smtpd_authorized_xforward_hosts = $mynetworks

# The filter is one client with all the mail.
smtpd_client_connection_count_limit = 0
smtpd_client_event_limit_exceptions = $mynetworks

smtp_bind_address = 0.0.0.0
local_header_rewrite_clients =

${noLocalDelivery}
recipient_delimiter = +
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_timeout = 1200s
parent_domain_matches_subdomains =

# Mail to the inside has delivery agents of its own, which bounces to the outside cannot use up.
relay_domains = example.com, .example.com
relay_transport = relay:[mailhub.example.com]

smtpd_client_port_logging = no
`,
}

/** The re-injection service of the output instance, in the place of the stock "smtp inet" line of master.cf. */
export const reinjectService = '127.0.0.1:10026 inet n - n - - smtpd'

/** The pre-filter instance: takes mail from the Internet and sends all of it to the filter. */
export const input: Text = {
  shown: [
    'inet_interfaces = 192.0.2.25',
    'default_transport = smtp:[127.0.0.1]:10025',
    'smtp_send_xforward_command = yes',
  ],
  text: `
myhostname = mx1.example.com
mydomain = example.com

inet_interfaces = 192.0.2.25
smtp_bind_address = 0.0.0.0
mynetworks_style = host

${noLocalDelivery}
local_header_rewrite_clients =

relay_domains = example.com
parent_domain_matches_subdomains =

# Everything that is not filtered yet goes to the filter, the recipients of a message together.
default_transport = smtp:[127.0.0.1]:10025
relay_transport = $default_transport
virtual_transport = $default_transport
smtp_destination_recipient_limit = 1000
smtp_data_done_timeout = 1200s

# The filter and the output instance learn who the client was.
smtp_send_xforward_command = yes
smtpd_client_port_logging = no
`,
}
