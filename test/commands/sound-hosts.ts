/**
 * Hosts on which nothing is wrong, as public documentation describes them, in shell: `instance NAME SETTING...` makes an
 * enabled one, `service NAME LINE...` adds lines to its master.cf, `table TYPE FILE LINE...` builds a table.
 */
export const prelude = `
set -e
postconf -e inet_interfaces=127.0.0.1 mydestination= alias_maps= alias_database= compatibility_level=3.6 maillog_file=/var/log/mail.log
postmulti -e init
number=2
instance() {
  name=$1; shift
  postmulti -I postfix-$name -G mta -e create
  postconf -c /etc/postfix-$name -e master_service_disable= inet_interfaces=127.0.0.$number authorized_submit_users=root \\
    myhostname=$name.example.com maillog_file=/var/log/postfix-$name.log mydestination= alias_maps= local_transport=error:none \\
    smtpd_relay_restrictions=permit_mynetworks,reject_unauth_destination mynetworks=127.0.0.0/8 "$@"
  ip addr add 127.0.0.$number/8 dev lo 2>/dev/null || :
  number=$((number + 1))
  postmulti -i postfix-$name -e enable
}
service() {
  directory=/etc/postfix-$1; shift
  printf '%s\\n' "$@" >>$directory/master.cf
}
table() {
  type=$1; file=$2; shift 2
  printf '%s\\n' "$@" >$file
  case $type in hash | btree | cdb | lmdb) postmap $type:$file ;; esac
}
`

export const soundHosts: Record<string, string> = {
  'a primary alone': '',
  'a null client': "postconf -e 'relayhost=[mail.example.com]' local_transport=error:none",
  'a null client beside an outgoing instance': `
    postconf -e 'relayhost=[127.0.0.2]:25'
    instance out`,
  'a disabled instance beside others': `
    instance out; postmulti -I postfix-spare -e create
    postconf -c /etc/postfix-spare -e maillog_file=/var/log/postfix-spare.log`,
  'several senders, one for each address': `
    for each in a b c d; do instance $each; postconf -c /etc/postfix-$each -e smtp_bind_address=127.0.0.$((number - 1)) inet_protocols=ipv4; done`,
  'a relay with recipients in a table': `
    instance in relay_domains=example.com relay_recipient_maps=cdb:/etc/postfix-in/recipients 'transport_maps=cdb:/etc/postfix-in/transport'
    table cdb /etc/postfix-in/recipients 'a@example.com x'
    table cdb /etc/postfix-in/transport 'example.com smtp:[198.51.100.9]'`,
  'virtual aliases': `
    instance in virtual_alias_domains=example.com virtual_alias_maps=cdb:/etc/postfix-in/virtual
    table cdb /etc/postfix-in/virtual 'a@example.com root@example.net'`,
  'virtual mailboxes': `
    instance in virtual_mailbox_domains=example.com virtual_mailbox_base=/var/mail/vhosts virtual_minimum_uid=100 \\
      virtual_uid_maps=static:5000 virtual_gid_maps=static:5000 virtual_mailbox_maps=cdb:/etc/postfix-in/mailboxes
    mkdir -p /var/mail/vhosts
    table cdb /etc/postfix-in/mailboxes 'a@example.com example.com/a/'`,
  'local mailboxes and aliases': `
    instance in mydestination=in.example.com local_transport=local alias_maps=cdb:/etc/postfix-in/aliases alias_database=cdb:/etc/postfix-in/aliases
    echo 'postmaster: root' >/etc/postfix-in/aliases; postalias cdb:/etc/postfix-in/aliases`,
  'tables behind proxymap': `
    instance in relay_domains=example.com 'relay_recipient_maps=proxy:cdb:/etc/postfix-in/recipients' \\
      'proxy_read_maps=$relay_recipient_maps $relay_domains'
    table cdb /etc/postfix-in/recipients 'a@example.com x'`,
  'tables without a file': `
    instance in relay_domains=example.com 'relay_recipient_maps=inline:{a@example.com=x, {b@example.com = y}}' \\
      'virtual_alias_maps=static:' 'sender_canonical_maps=unionmap:{inline:{c@example.com=d@example.com},static:x}' \\
      'recipient_canonical_maps=pipemap:{inline:{e=f},inline:{f=g}}' 'smtpd_client_restrictions=check_client_access static:DUNNO'`,
  'patterns in text': `
    instance in header_checks=regexp:/etc/postfix-in/header body_checks=regexp:/etc/postfix-in/body \\
      'smtpd_client_restrictions=check_client_access cidr:/etc/postfix-in/clients' 'virtual_alias_maps=texthash:/etc/postfix-in/virtual'
    table regexp /etc/postfix-in/header '/^X-Spam: yes/ HOLD'
    table regexp /etc/postfix-in/body '/viagra/ DISCARD'
    table cidr /etc/postfix-in/clients '192.0.2.0/24 REJECT' '2001:db8::/32 REJECT'
    table texthash /etc/postfix-in/virtual 'a@example.com b@example.com'`,
  'lists in files': `
    instance in mynetworks=/etc/postfix-in/networks relay_domains=/etc/postfix-in/domains
    table text /etc/postfix-in/networks 127.0.0.0/8 '[::1]/128'
    table text /etc/postfix-in/domains example.com`,
  'restriction classes': `
    instance in 'smtpd_restriction_classes=strict, lax' 'strict=reject_unknown_sender_domain, reject_unlisted_recipient' \\
      'lax=permit_mynetworks, reject' 'smtpd_recipient_restrictions=strict, lax, reject_unauth_destination' \\
      'smtpd_sender_restrictions=check_sender_access inline:{example.com=strict}, reject_non_fqdn_sender' \\
      'smtpd_helo_restrictions=reject_invalid_helo_hostname, warn_if_reject reject_unknown_helo_hostname' smtpd_helo_required=yes`,
  'many restrictions': `
    instance in 'smtpd_recipient_restrictions=permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination, reject_non_fqdn_recipient, reject_unknown_recipient_domain, reject_rbl_client zen.example.org=127.0.0.[2..11], reject_rhsbl_sender dbl.example.org, sleep 1, permit' 'smtpd_data_restrictions=reject_unauth_pipelining, permit' \\
      'smtpd_end_of_data_restrictions=' 'smtpd_etrn_restrictions=reject' 'smtpd_client_restrictions=permit_inet_interfaces, reject_unknown_reverse_client_hostname'`,
  'a content filter with a way back': `
    instance scan content_filter= smtpd_authorized_xforward_hosts=127.0.0.0/8
    instance in 'content_filter=scan:[127.0.0.2]:25' receive_override_options=no_address_mappings
    service in 'scan unix - - n - 10 smtp' '  -o smtp_send_xforward_command=yes' '  -o disable_mime_output_conversion=yes' '  -o smtp_generic_maps='`,
  'a filter in a pipe': `
    instance in 'content_filter=filter:dummy'
    service in 'filter unix - n n - 10 pipe' '  flags=Rq user=nobody null_sender=' '  argv=/bin/true -f \${sender} -- \${recipient}'`,
  'submission and smtps': `
    instance sub smtpd_tls_cert_file=/etc/postfix-sub/cert.pem 'smtpd_tls_key_file=$smtpd_tls_cert_file' smtpd_tls_security_level=may
    cat /etc/ssl/certs/*.pem 2>/dev/null | head -c 2000 >/etc/postfix-sub/cert.pem; chmod 600 /etc/postfix-sub/cert.pem
    service sub 'submission inet n - n - - smtpd' '  -o syslog_name=postfix-sub/submission' '  -o smtpd_tls_security_level=encrypt' \\
      '  -o smtpd_tls_auth_only=yes' '  -o smtpd_reject_unlisted_recipient=no' '  -o smtpd_relay_restrictions=permit_mynetworks,reject' \\
      '  -o milter_macro_daemon_name=ORIGINATING' 'smtps inet n - n - - smtpd' '  -o syslog_name=postfix-sub/smtps' '  -o smtpd_tls_wrappermode=yes'`,
  postscreen: `
    instance in 'postscreen_dnsbl_sites=zen.example.org*3, list.example.org=127.0.[0..255].0*-2' postscreen_dnsbl_threshold=3 \\
      postscreen_greet_action=enforce postscreen_access_list=permit_mynetworks postscreen_denylist_action=drop postscreen_blacklist_action=drop
    sed -i 's/^smtp *inet.*/smtp inet n - n - 1 postscreen/; s/^#smtpd *pass.*/smtpd pass - - n - - smtpd/; s/^#dnsblog.*/dnsblog unix - - n - 0 dnsblog/; s/^#tlsproxy.*/tlsproxy unix - - n - 0 tlsproxy/' /etc/postfix-in/master.cf`,
  'a policy service of its own': `
    instance in 'smtpd_recipient_restrictions=permit_mynetworks, reject_unauth_destination, check_policy_service unix:private/policy' policy_time_limit=3600
    service in 'policy unix - n n - 0 spawn' '  user=nobody argv=/bin/cat'`,
  'slow transports': `
    instance out 'transport_maps=inline:{example.org=slow:}' slow_destination_rate_delay=1s slow_destination_concurrency_limit=2 \\
      slow_destination_recipient_limit=5 default_destination_concurrency_limit=20 initial_destination_concurrency=5
    service out 'slow unix - - n - 1 smtp' '  -o syslog_name=postfix-out/slow' '  -o smtp_connect_timeout=5s'`,
  'options in braces': `
    instance out
    service out '127.0.0.1:10030 inet n - n - - smtpd' '  -o { smtpd_recipient_restrictions = permit_mynetworks, reject }' \\
      '  -o { smtpd_banner = $myhostname ESMTP ready }' '  -o smtpd_client_connection_count_limit=10'`,
  'names of its own': `
    instance out site_domain=example.com 'myorigin=$site_domain' 'site_relay=[mail.$site_domain]' 'relayhost=$site_relay' \\
      'smtpd_banner=$myhostname ESMTP \${site_domain?{of $site_domain}}'`,
  'senders with ways of their own': `
    instance out 'sender_dependent_relayhost_maps=inline:{a@example.com=[192.0.2.1]:587}' \\
      'sender_dependent_default_transport_maps=inline:{@example.net=relay:[192.0.2.2]}' smtp_sender_dependent_authentication=yes`,
  'encryption as well as it goes': `
    instance out smtp_tls_security_level=may smtp_tls_loglevel=1 'smtp_tls_policy_maps=inline:{example.com=encrypt}' \\
      'smtp_tls_session_cache_database=btree:\${data_directory}/smtp_scache' 'smtpd_tls_mandatory_protocols=!SSLv2, !SSLv3, !TLSv1' \\
      smtp_tls_mandatory_ciphers=high 'smtp_tls_note_starttls_offer=yes' tls_random_source=dev:/dev/urandom`,
  'times, sizes and counts': `
    instance out maximal_queue_lifetime=2d bounce_queue_lifetime=1d delay_warning_time=4h minimal_backoff_time=5m maximal_backoff_time=1h \\
      queue_run_delay=300s message_size_limit=52428800 mailbox_size_limit=0 virtual_mailbox_limit=0 header_size_limit=204800 default_process_limit=20 qmgr_message_active_limit=20000 \\
      smtpd_error_sleep_time=1s smtpd_soft_error_limit=3 smtpd_hard_error_limit=10 anvil_rate_time_unit=60s smtpd_client_message_rate_limit=0`,
  'switches and words': `
    instance out soft_bounce=yes biff=no append_dot_mydomain=no disable_vrfy_command=yes strict_rfc821_envelopes=yes smtputf8_enable=no \\
      inet_protocols=ipv4 notify_classes=resource,software,2bounce smtp_host_lookup=dns,native enable_long_queue_ids=yes \\
      smtp_address_preference=any smtpd_delay_reject=yes local_header_rewrite_clients=permit_inet_interfaces address_verify_sender_ttl=0s`,
  'addresses rewritten': `
    instance out 'masquerade_domains=example.com' masquerade_exceptions=root 'canonical_classes=envelope_sender, header_sender' \\
      'smtp_generic_maps=cdb:/etc/postfix-out/generic' recipient_delimiter=+- 'always_bcc=' 'sender_bcc_maps=inline:{a@example.com=archive@example.com}'
    table cdb /etc/postfix-out/generic 'root@mta1 root@example.com'`,
  'an address of its own for a service': `
    instance in
    service in '127.0.0.77:2525 inet n - n - - smtpd'
    ip addr add 127.0.0.77/8 dev lo`,
  'a chain of three': `
    instance out
    instance filter 'relayhost=[127.0.0.2]'
    instance in 'relayhost=[127.0.0.3]' relay_domains=example.com
    postmulti instances reorder postfix-filter --after postfix-out`,
  'recipients verified': `
    instance in relay_domains=example.com 'smtpd_recipient_restrictions=permit_mynetworks, reject_unauth_destination, reject_unverified_recipient' \\
      'address_verify_map=btree:$data_directory/verify_cache' address_verify_sender=postmaster@example.com unverified_recipient_reject_code=550`,
  'a list of services that are off': `
    instance out 'master_service_disable=submission.inet' authorized_mailq_users=root 'import_environment=MAIL_CONFIG TZ'
    service out 'submission inet n - n - - smtpd'`,
}
