/**
 * What kind of value a parameter takes, and which programs end with a fatal error when it is of another one: data of
 * Postfix 3.5 to 3.11. Source: the CONFIG_..._TABLEs of each program, and what it makes of words when it starts.
 * Each row is tried on the real programs of each release by test/model/master-cf/value-types.acceptance.ts.
 */

export interface ValueRow {
  /**
   * boolean: yes or no. number: 32 bits. size: in bytes, 64 bits. time: with or without a unit, in seconds. text: anything but
   * nothing. word: one of `words`, in any case but for `exact`. words: none, one or more of `words`, in this case.
   */
  kind: 'boolean' | 'number' | 'size' | 'time' | 'text' | 'word' | 'words'
  /** Programs that read it when they start, by their names in master.cf; '*' is every program, commands as well. */
  readers: string
  /** Parameters, each with its bounds, as in a>=1<=100; the bounds of a time are in seconds. */
  names: string
  /** One that came later has the release behind it, as in note>=3.9. */
  words?: string
  /** It may be empty. */
  orEmpty?: true
  /** Capitals and small letters differ. */
  exact?: true
  /** Where this is so, nothing reads it: NAME=VALUE. */
  unless?: string
}

const tlsLevels = 'none may encrypt fingerprint dane dane-only verify secure'

/** Words come first: the table is read in this order. */
export const valueRows: readonly ValueRow[] = [
  {kind: 'word', readers: 'smtpd', names: 'smtpd_forbid_bare_newline', words: 'yes no normalize reject note>=3.9'},
  {
    kind: 'word',
    readers: 'smtpd',
    names: 'smtpd_tls_security_level',
    words: 'none may encrypt fingerprint verify secure',
    orEmpty: true,
    unless: 'smtpd_tls_wrappermode=yes',
  },
  {kind: 'word', readers: 'smtp', names: 'smtp_tls_security_level', words: tlsLevels, orEmpty: true},
  {kind: 'word', readers: 'lmtp', names: 'lmtp_tls_security_level', words: tlsLevels, orEmpty: true},
  {
    kind: 'word',
    readers: 'smtpd',
    names: `
      reject_tempfail_action unknown_address_tempfail_action unknown_helo_hostname_tempfail_action
      unverified_recipient_tempfail_action unverified_sender_tempfail_action`,
    words: 'defer_if_permit defer',
  },
  {kind: 'word', readers: 'smtp', names: 'smtp_address_preference', words: 'any ipv4 ipv6'},
  {kind: 'word', readers: 'lmtp', names: 'lmtp_address_preference', words: 'any ipv4 ipv6'},
  {kind: 'word', readers: 'smtp', names: 'smtp_address_verify_target', words: 'rcpt data'},
  {kind: 'word', readers: 'lmtp', names: 'lmtp_address_verify_target', words: 'rcpt data'},
  {kind: 'word', readers: 'smtp', names: 'smtp_dns_support_level', words: 'disabled enabled dnssec', orEmpty: true},
  {kind: 'word', readers: 'lmtp', names: 'lmtp_dns_support_level', words: 'disabled enabled dnssec', orEmpty: true},
  {kind: 'word', readers: 'smtp', names: 'smtp_tls_dane_insecure_mx_policy', words: 'may encrypt dane'},
  {kind: 'word', readers: 'cleanup', names: 'header_from_format', words: 'standard obsolete'},
  {
    kind: 'word',
    readers: 'postscreen',
    names: `
      postscreen_bare_newline_action postscreen_blacklist_action postscreen_denylist_action postscreen_dnsbl_action
      postscreen_greet_action postscreen_non_smtp_command_action postscreen_pipelining_action`,
    words: 'ignore enforce drop',
  },
  {kind: 'word', readers: '*', names: 'mynetworks_style', words: 'class subnet host', exact: true},
  {
    kind: 'words',
    readers: 'smtp',
    names: 'smtp_host_lookup',
    words: 'dns native',
    unless: 'smtp_dns_support_level=disabled',
  },
  {
    kind: 'words',
    readers: 'lmtp',
    names: 'lmtp_host_lookup',
    words: 'dns native',
    unless: 'lmtp_dns_support_level=disabled',
  },
  {kind: 'words', readers: 'smtp', names: 'smtp_dns_resolver_options', words: 'res_defnames res_dnsrch', orEmpty: true},
  {kind: 'words', readers: 'lmtp', names: 'lmtp_dns_resolver_options', words: 'res_defnames res_dnsrch', orEmpty: true},
  {
    kind: 'words',
    readers: 'cleanup lmtp local smtp',
    names: 'propagate_unmatched_extensions',
    words: 'canonical virtual alias forward include generic',
    orEmpty: true,
  },
  {
    kind: 'words',
    readers: 'pickup qmqpd smtpd',
    names: 'receive_override_options',
    words: 'no_unknown_recipient_checks no_address_mappings no_header_body_checks no_milters',
    orEmpty: true,
  },
  {
    kind: 'words',
    readers: 'cleanup',
    names: 'canonical_classes',
    words: 'envelope_sender envelope_recipient header_sender header_recipient',
  },
  {
    kind: 'words',
    readers: 'cleanup',
    names: 'masquerade_classes',
    words: 'envelope_sender envelope_recipient header_sender header_recipient',
    orEmpty: true,
  },
  {kind: 'words', readers: 'cleanup', names: 'sender_canonical_classes', words: 'envelope_sender header_sender'},
  {
    kind: 'words',
    readers: 'cleanup',
    names: 'recipient_canonical_classes',
    words: 'envelope_recipient header_recipient',
  },
  {kind: 'words', readers: 'local', names: 'mailbox_delivery_lock', words: 'flock fcntl dotlock'},
  {kind: 'words', readers: 'virtual', names: 'virtual_mailbox_lock', words: 'flock fcntl dotlock'},
  {
    kind: 'words',
    readers: 'local',
    names: 'allow_mail_to_commands allow_mail_to_files',
    words: 'alias forward include',
    orEmpty: true,
  },
  {
    kind: 'words',
    readers: 'local',
    names: 'prepend_delivered_header',
    words: 'command file forward',
    orEmpty: true,
  },
  {kind: 'words', readers: '*', names: 'inet_protocols', words: 'all ipv4 ipv6', orEmpty: true},
  {
    kind: 'boolean',
    readers: '*',
    names: `
      address_verify_negative_cache backwards_bounce_logfile_compatibility daemon_table_open_error_is_fatal
      disable_dns_lookups disable_mime_input_processing disable_mime_output_conversion dns_ncache_ttl_fix_enable
      enable_idna2003_compatibility enable_long_queue_ids enable_original_recipient helpful_warnings
      owner_request_special respectful_logging send_cyrus_sasl_authzid smtputf8_enable soft_bounce
      strict_7bit_headers strict_8bitmime strict_8bitmime_body strict_mime_encoding_domain strict_smtputf8
      tls_required_enable`,
  },
  {kind: 'boolean', readers: 'bounce', names: 'enable_threaded_bounces'},
  {
    kind: 'boolean',
    readers: 'cleanup',
    names: `
      always_add_missing_headers cleanup_replace_stray_cr_lf detect_8bit_encoding_header
      force_mime_input_conversion`,
  },
  {kind: 'boolean', readers: 'cleanup qmgr', names: 'disable_verp_bounces'},
  {
    kind: 'boolean',
    readers: 'lmtp',
    names: `
      lmtp_balance_inet_protocols lmtp_bind_address_enforce lmtp_cname_overrides_servername
      lmtp_connection_cache_on_demand lmtp_defer_if_no_mx_address_found lmtp_enforce_tls lmtp_per_record_deadline
      lmtp_per_request_deadline lmtp_quote_rfc821_envelope lmtp_randomize_addresses lmtp_sasl_auth_enable
      lmtp_sasl_auth_soft_bounce lmtp_send_dummy_mail_auth lmtp_send_xforward_command
      lmtp_sender_dependent_authentication lmtp_skip_5xx_greeting lmtp_skip_quit_response
      lmtp_tls_block_early_mail_reply lmtp_tls_connection_reuse lmtp_tls_enable_rpk lmtp_tls_enforce_peername
      lmtp_tls_enforce_sts_mx_patterns lmtp_tls_force_insecure_host_tlsa_lookup lmtp_tls_note_starttls_offer
      lmtp_tls_wrappermode lmtp_tlsrpt_enable lmtp_tlsrpt_skip_reused_handshakes lmtp_use_tls`,
  },
  {kind: 'boolean', readers: 'lmtp smtp', names: 'allow_srv_lookup_fallback ignore_srv_lookup_error lmtp_assume_final'},
  {
    kind: 'boolean',
    readers: 'local',
    names: `
      biff expand_owner_alias frozen_delivered_to require_home_directory reset_owner_alias
      sun_mailtool_compatibility`,
  },
  {kind: 'boolean', readers: 'local virtual', names: 'strict_mailbox_ownership'},
  {
    kind: 'boolean',
    readers: 'postscreen',
    names: `
      postscreen_bare_newline_enable postscreen_disable_vrfy_command postscreen_enforce_tls
      postscreen_helo_required postscreen_non_smtp_command_enable postscreen_pipelining_enable postscreen_use_tls`,
  },
  {kind: 'boolean', readers: 'postscreen smtpd', names: 'disable_vrfy_command smtpd_helo_required'},
  {kind: 'boolean', readers: 'postscreen smtpd tlsproxy', names: 'smtpd_enforce_tls smtpd_use_tls'},
  {kind: 'boolean', readers: 'qmgr', names: 'confirm_delay_cleared destination_concurrency_feedback_debug'},
  {kind: 'boolean', readers: 'qmqpd', names: 'qmqpd_client_port_logging'},
  {
    kind: 'boolean',
    readers: 'smtp',
    names: `
      ignore_mx_lookup_error smtp_always_send_ehlo smtp_balance_inet_protocols smtp_bind_address_enforce
      smtp_cname_overrides_servername smtp_connection_cache_on_demand smtp_defer_if_no_mx_address_found
      smtp_never_send_ehlo smtp_per_record_deadline smtp_per_request_deadline smtp_quote_rfc821_envelope
      smtp_randomize_addresses smtp_sasl_auth_enable smtp_sasl_auth_soft_bounce smtp_send_dummy_mail_auth
      smtp_send_xforward_command smtp_sender_dependent_authentication smtp_skip_5xx_greeting
      smtp_skip_quit_response smtp_tls_block_early_mail_reply smtp_tls_connection_reuse smtp_tls_enable_rpk
      smtp_tls_enforce_peername smtp_tls_enforce_sts_mx_patterns smtp_tls_force_insecure_host_tlsa_lookup
      smtp_tls_note_starttls_offer smtp_tls_wrappermode smtp_tlsrpt_enable smtp_tlsrpt_skip_reused_handshakes`,
  },
  {kind: 'boolean', readers: 'smtp tlsproxy', names: 'smtp_enforce_tls smtp_use_tls'},
  {
    kind: 'boolean',
    readers: 'smtpd',
    names: `
      allow_untrusted_routing broken_sasl_auth_clients smtpd_client_port_logging smtpd_delay_open_until_valid_rcpt
      smtpd_delay_reject smtpd_forbid_unauth_pipelining smtpd_hide_client_session smtpd_peername_lookup
      smtpd_per_record_deadline smtpd_per_request_deadline smtpd_reject_unlisted_recipient
      smtpd_reject_unlisted_sender smtpd_relay_before_recipient_restrictions smtpd_sasl_auth_enable
      smtpd_sasl_authenticated_header smtpd_tls_auth_only smtpd_tls_received_header smtpd_tls_wrappermode
      strict_rfc821_envelopes`,
  },
  {
    kind: 'boolean',
    readers: 'smtpd tlsproxy',
    names: `
      smtpd_tls_always_issue_session_ids smtpd_tls_ask_ccert smtpd_tls_enable_rpk smtpd_tls_req_ccert`,
  },
  {kind: 'boolean', readers: 'smtpd trivial-rewrite', names: 'show_user_unknown_table_name'},
  {
    kind: 'boolean',
    readers: 'tlsproxy',
    names: `
      tlsproxy_client_enforce_tls tlsproxy_client_use_tls tlsproxy_enforce_tls
      tlsproxy_tls_always_issue_session_ids tlsproxy_tls_ask_ccert tlsproxy_tls_enable_rpk tlsproxy_tls_req_ccert
      tlsproxy_use_tls`,
  },
  {
    kind: 'boolean',
    readers: 'trivial-rewrite',
    names: `
      allow_min_user allow_percent_hack append_at_myorigin append_dot_mydomain resolve_dequoted_address
      resolve_null_domain resolve_numeric_domain swap_bangpath`,
  },
  {
    kind: 'number',
    readers: '*',
    names: `
      berkeley_db_create_buffer_size>=1 berkeley_db_read_buffer_size>=1 debug_peer_level>=1
      default_process_limit>=1 delay_logging_resolution_limit<=6 deliver_lock_attempts>=1 fork_attempts>=1
      hash_queue_depth>=1 header_address_token_limit>=1 header_size_limit>=1 line_length_limit>=512 max_use>=1
      mime_boundary_length_limit>=1 mime_nesting_limit>=1 socketmap_max_reply_size>=1 tcp_windowsize`,
  },
  {kind: 'number', readers: 'bounce', names: 'bounce_size_limit>=1'},
  {
    kind: 'number',
    readers: 'cleanup',
    names: `
      body_checks_size_limit hopcount_limit>=1 queue_file_attribute_count_limit>=1
      virtual_alias_address_length_limit>=1 virtual_alias_expansion_limit>=1 virtual_alias_recursion_limit>=1`,
  },
  {kind: 'number', readers: 'cleanup local showq', names: 'duplicate_filter_limit'},
  {
    kind: 'number',
    readers: 'lmtp',
    names: `
      lmtp_connection_reuse_count_limit lmtp_line_length_limit lmtp_min_data_rate>=1 lmtp_mx_address_limit
      lmtp_mx_session_limit lmtp_tls_scert_verifydepth`,
  },
  {
    kind: 'number',
    readers: 'postscreen',
    names: `
      postscreen_client_connection_count_limit postscreen_command_count_limit>=1
      postscreen_dnsbl_allowlist_threshold postscreen_dnsbl_threshold>=1 postscreen_dnsbl_whitelist_threshold
      postscreen_post_queue_limit>=5 postscreen_pre_queue_limit>=10`,
  },
  {kind: 'number', readers: 'postscreen smtpd', names: 'smtpd_client_connection_count_limit'},
  {
    kind: 'number',
    readers: 'qmgr',
    names: `
      address_verify_pending_request_limit>=1 default_delivery_slot_cost default_delivery_slot_discount<=100
      default_delivery_slot_loan default_destination_concurrency_failed_cohort_limit
      default_destination_concurrency_limit default_destination_recipient_limit default_extra_recipient_limit
      default_minimum_delivery_slots default_recipient_limit default_recipient_refill_limit>=1
      initial_destination_concurrency>=1 local_destination_concurrency_limit local_destination_recipient_limit
      qmgr_message_active_limit>=1 qmgr_message_recipient_limit>=1 qmgr_message_recipient_minimum>=1`,
  },
  {
    kind: 'number',
    readers: 'smtp',
    names: `
      smtp_connection_reuse_count_limit smtp_line_length_limit smtp_min_data_rate>=1 smtp_mx_address_limit
      smtp_mx_session_limit`,
  },
  {kind: 'number', readers: 'smtp tlsproxy', names: 'smtp_tls_scert_verifydepth'},
  {
    kind: 'number',
    readers: 'smtpd',
    names: `
      access_map_defer_code access_map_reject_code address_verify_poll_count>=1 defer_code
      invalid_hostname_reject_code maps_rbl_reject_code multi_recipient_bounce_reject_code non_fqdn_reject_code
      plaintext_reject_code reject_code relay_domains_reject_code smtpd_client_auth_rate_limit
      smtpd_client_connection_rate_limit smtpd_client_ipv4_prefix_length<=32 smtpd_client_ipv6_prefix_length<=128
      smtpd_client_message_rate_limit smtpd_client_new_tls_session_rate_limit smtpd_client_recipient_rate_limit
      smtpd_forbid_bare_newline_reject_code>=500<=599 smtpd_hard_error_limit>=1 smtpd_history_flush_threshold>=1
      smtpd_junk_command_limit>=1 smtpd_min_data_rate>=1 smtpd_policy_service_request_limit
      smtpd_policy_service_try_limit>=1 smtpd_recipient_limit>=1 smtpd_recipient_overshoot_limit>=1
      smtpd_sasl_response_limit>=12288 smtpd_soft_error_limit>=1 unknown_address_reject_code
      unknown_client_reject_code unknown_hostname_reject_code unknown_local_recipient_reject_code
      unknown_relay_recipient_reject_code unknown_virtual_alias_reject_code unknown_virtual_mailbox_reject_code
      unverified_recipient_defer_code>=200<=499 unverified_recipient_reject_code>=200<=599
      unverified_sender_defer_code>=200<=499 unverified_sender_reject_code>=200<=599`,
  },
  {kind: 'number', readers: 'smtpd tlsproxy', names: 'smtpd_tls_ccert_verifydepth'},
  {kind: 'number', readers: 'tlsmgr', names: 'tls_random_bytes>=1'},
  {kind: 'number', readers: 'tlsproxy', names: 'tlsproxy_client_scert_verifydepth tlsproxy_tls_ccert_verifydepth'},
  {kind: 'number', readers: 'virtual', names: 'virtual_minimum_uid>=1'},
  {kind: 'size', readers: '*', names: 'lmdb_map_size>=1 message_size_limit'},
  {kind: 'size', readers: 'local', names: 'mailbox_size_limit'},
  {kind: 'size', readers: 'smtpd', names: 'queue_minfree'},
  {kind: 'size', readers: 'virtual', names: 'virtual_mailbox_limit'},
  {
    kind: 'time',
    readers: '*',
    names: `
      application_event_drain_time>=1 daemon_timeout>=1 deliver_lock_delay>=1 fork_delay>=1 in_flow_delay<=10
      ipc_idle>=1 ipc_timeout>=1 ipc_ttl>=1 max_idle>=1 stale_lock_time>=1 trigger_timeout>=1`,
  },
  {kind: 'time', readers: 'anvil', names: 'anvil_rate_time_unit>=1 anvil_status_update_time>=1'},
  {kind: 'time', readers: 'bounce cleanup', names: 'delay_warning_time'},
  {kind: 'time', readers: 'bounce qmgr', names: 'maximal_queue_lifetime<=8640000'},
  {
    kind: 'time',
    readers: 'cleanup smtpd',
    names: `
      milter_command_timeout>=1 milter_connect_timeout>=1 milter_content_timeout>=1`,
  },
  {kind: 'time', readers: 'dnsblog', names: 'dnsblog_reply_delay'},
  {kind: 'time', readers: 'flush', names: 'fast_flush_purge_time>=1 fast_flush_refresh_time>=1'},
  {
    kind: 'time',
    readers: 'lmtp',
    names: `
      lmtp_connect_timeout lmtp_connection_cache_time_limit>=1 lmtp_connection_reuse_time_limit>=1
      lmtp_data_done_timeout>=1 lmtp_data_init_timeout>=1 lmtp_data_xfer_timeout>=1 lmtp_lhlo_timeout>=1
      lmtp_mail_timeout>=1 lmtp_pix_workaround_delay_time>=1 lmtp_pix_workaround_threshold_time
      lmtp_quit_timeout>=1 lmtp_rcpt_timeout>=1 lmtp_rset_timeout>=1 lmtp_sasl_auth_cache_time
      lmtp_starttls_timeout>=1 lmtp_xforward_timeout>=1`,
  },
  {kind: 'time', readers: 'lmtp qmgr smtp', names: 'minimal_backoff_time>=1 queue_run_delay>=1'},
  {kind: 'time', readers: 'lmtp smtp', names: 'connection_cache_protocol_timeout>=1'},
  {kind: 'time', readers: 'local pipe spawn', names: 'command_time_limit>=1'},
  {kind: 'time', readers: 'postlogd', names: 'postlogd_watchdog_timeout>=10'},
  {
    kind: 'time',
    readers: 'postscreen',
    names: `
      postscreen_bare_newline_ttl>=1 postscreen_cache_cleanup_interval postscreen_cache_retention_time>=1
      postscreen_command_time_limit>=1 postscreen_dnsbl_max_ttl>=1 postscreen_dnsbl_min_ttl>=1
      postscreen_dnsbl_timeout>=1 postscreen_greet_ttl>=1 postscreen_greet_wait>=1
      postscreen_non_smtp_command_ttl>=1 postscreen_pipelining_ttl>=1 postscreen_upstream_proxy_timeout>=1
      postscreen_watchdog_timeout>=10`,
  },
  {
    kind: 'time',
    readers: 'qmgr',
    names: `
      bounce_queue_lifetime<=8640000 default_destination_rate_delay default_recipient_refill_delay>=1
      default_transport_rate_delay maximal_backoff_time>=1 qmgr_clog_warn_time qmgr_daemon_timeout>=1
      qmgr_ipc_timeout>=1 transport_retry_time>=1`,
  },
  {kind: 'time', readers: 'qmqpd', names: 'qmqpd_error_delay qmqpd_timeout>=1'},
  {kind: 'time', readers: 'scache', names: 'connection_cache_status_update_time>=1 connection_cache_ttl_limit>=1'},
  {
    kind: 'time',
    readers: 'smtp',
    names: `
      smtp_connect_timeout smtp_connection_cache_time_limit>=1 smtp_connection_reuse_time_limit>=1
      smtp_data_done_timeout>=1 smtp_data_init_timeout>=1 smtp_data_xfer_timeout>=1 smtp_helo_timeout>=1
      smtp_mail_timeout>=1 smtp_pix_workaround_delay_time>=1 smtp_pix_workaround_threshold_time
      smtp_quit_timeout>=1 smtp_rcpt_timeout>=1 smtp_rset_timeout>=1 smtp_sasl_auth_cache_time
      smtp_starttls_timeout>=1 smtp_xforward_timeout>=1`,
  },
  {
    kind: 'time',
    readers: 'smtpd',
    names: `
      address_verify_poll_delay>=1 smtpd_error_sleep_time smtpd_policy_service_max_idle>=1
      smtpd_policy_service_max_ttl>=1 smtpd_policy_service_retry_delay>=1 smtpd_policy_service_timeout>=1
      smtpd_proxy_timeout>=1 smtpd_starttls_timeout>=1 smtpd_timeout>=1 smtpd_upstream_proxy_timeout>=1`,
  },
  {kind: 'time', readers: 'smtpd verify', names: 'address_verify_sender_ttl'},
  {
    kind: 'time',
    readers: 'tlsmgr',
    names: `
      lmtp_tls_session_cache_timeout<=8640000 smtp_tls_session_cache_timeout<=8640000
      smtpd_tls_session_cache_timeout<=8640000 tls_random_prng_update_period>=1 tls_random_reseed_period>=1`,
  },
  {kind: 'time', readers: 'tlsproxy', names: 'tlsproxy_watchdog_timeout>=10'},
  {
    kind: 'time',
    readers: 'verify',
    names: `
      address_verify_cache_cleanup_interval address_verify_negative_expire_time>=1
      address_verify_negative_refresh_time>=1 address_verify_positive_expire_time>=1
      address_verify_positive_refresh_time>=1`,
  },
  {
    kind: 'text',
    readers: '*',
    names: `
      address_verify_service_name bounce_service_name cleanup_service_name default_database_type defer_service_name
      double_bounce_sender error_service_name flush_service_name hash_queue_names mail_name mail_owner
      maillog_file_compressor maillog_file_rotate_suffix myorigin pickup_service_name process_id_directory
      proxymap_service_name proxywrite_service_name queue_service_name rewrite_service_name setgid_group
      showq_service_name smtputf8_autodetect_classes syslog_name trace_service_name`,
  },
  {kind: 'text', readers: 'bounce', names: '2bounce_notice_recipient delay_notice_recipient'},
  {kind: 'text', readers: 'bounce smtpd', names: 'bounce_notice_recipient'},
  {kind: 'text', readers: 'cleanup showq trivial-rewrite', names: 'empty_address_recipient'},
  {
    kind: 'text',
    readers: 'cleanup smtpd',
    names: `
      milter_default_action milter_macro_daemon_name milter_macro_v milter_protocol`,
  },
  {
    kind: 'text',
    readers: 'lmtp',
    names: `
      lmtp_lhlo_name lmtp_sasl_type lmtp_tls_ciphers lmtp_tls_fingerprint_digest lmtp_tls_mandatory_ciphers
      lmtp_tls_secure_cert_match lmtp_tls_verify_cert_match`,
  },
  {kind: 'text', readers: 'lmtp postscreen smtp', names: 'tlsproxy_service_name'},
  {kind: 'text', readers: 'lmtp smtp', names: 'connection_cache_service_name'},
  {kind: 'text', readers: 'lmtp smtp smtpd', names: 'error_notice_recipient'},
  {
    kind: 'text',
    readers: 'local',
    names: `
      command_expansion_filter execution_directory_expansion_filter forward_expansion_filter`,
  },
  {kind: 'text', readers: 'postscreen', names: 'dnsblog_service_name postscreen_expansion_filter smtpd_service_name'},
  {kind: 'text', readers: 'postscreen smtpd', names: 'smtpd_banner smtpd_expansion_filter'},
  {
    kind: 'text',
    readers: 'qmgr',
    names: `
      default_destination_concurrency_negative_feedback default_destination_concurrency_positive_feedback`,
  },
  {
    kind: 'text',
    readers: 'smtp',
    names: `
      smtp_helo_name smtp_sasl_type smtp_tls_ciphers smtp_tls_mandatory_ciphers smtp_tls_secure_cert_match
      smtp_tls_verify_cert_match`,
  },
  {kind: 'text', readers: 'smtp tlsproxy', names: 'smtp_tls_fingerprint_digest'},
  {
    kind: 'text',
    readers: 'smtpd',
    names: `
      default_rbl_reply smtpd_policy_service_default_action smtpd_sasl_path smtpd_sasl_service smtpd_sasl_type`,
  },
  {
    kind: 'text',
    readers: 'smtpd tlsproxy',
    names: `
      smtpd_tls_ciphers smtpd_tls_eecdh_grade smtpd_tls_fingerprint_digest smtpd_tls_mandatory_ciphers`,
  },
  {
    kind: 'text',
    readers: 'tlsproxy',
    names: `
      tlsproxy_client_fingerprint_digest tlsproxy_tls_ciphers tlsproxy_tls_eecdh_grade
      tlsproxy_tls_fingerprint_digest tlsproxy_tls_mandatory_ciphers`,
  },
  {
    kind: 'text',
    readers: 'trivial-rewrite',
    names: `
      address_verify_default_transport address_verify_local_transport address_verify_relay_transport
      address_verify_virtual_transport default_transport empty_address_default_transport_maps_lookup_key
      empty_address_relayhost_maps_lookup_key local_transport relay_transport virtual_transport`,
  },
  {kind: 'text', readers: 'virtual', names: 'virtual_mailbox_base'},
]

/** Their defaults look like a number or a time, and they take other words as well. */
export const untyped: readonly string[] = [
  'compatibility_level',
  'default_destination_concurrency_negative_feedback',
  'default_destination_concurrency_positive_feedback',
  'lmtp_tcp_port',
  'lmtp_tls_loglevel',
  'mail_release_date',
  'mail_version',
  'maillog_file_permissions',
  'milter_protocol',
  'process_id',
  'smtp_tls_loglevel',
  'smtpd_tls_loglevel',
]

/** Of each transport: what stands behind its name, as in smtp_destination_rate_delay. */
export const transportRows: readonly ValueRow[] = [
  {
    kind: 'number',
    readers: 'qmgr',
    names: `
      _delivery_slot_cost _delivery_slot_discount<=100 _delivery_slot_loan _destination_concurrency_failed_cohort_limit
      _destination_concurrency_limit _destination_recipient_limit _extra_recipient_limit
      _initial_destination_concurrency>=1 _minimum_delivery_slots _recipient_limit _recipient_refill_limit>=1`,
  },
  {
    kind: 'time',
    readers: 'qmgr',
    names: '_destination_rate_delay _recipient_refill_delay>=1 _transport_rate_delay',
  },
  {kind: 'time', readers: 'pipe spawn', names: '_time_limit>=1'},
]
