/** Some of the defaults of Postfix, as its postconf(1) tells them. */
import type {Defaults} from '../../../src/postfix/reader/defaults.ts'
import {OwnHost} from '../../../src/postfix/reader/run-time.ts'

export const defaults: Defaults = {
  host: new OwnHost(),
  parameters: {
    // As the real ones: 'constructor' is no built-in parameter.
    __proto__: null as never,
    queue_directory: '/var/spool/postfix',
    data_directory: '/var/lib/postfix',
    multi_instance_name: '',
    multi_instance_group: '',
    multi_instance_enable: 'no',
    mail_name: 'Postfix',
    mail_version: '3.7.11',
    compatibility_level: '0',
    syslog_name: '$' + '{multi_instance_name?{$multi_instance_name}:{postfix}}',
    smtpd_banner: '$myhostname ESMTP $mail_name',
    virtual_alias_maps: '$virtual_maps',
    smtpd_restriction_classes: '',
    smtpd_milters: '',
    forward_path: '$home/.forward',
    inet_interfaces: 'all',
    inet_protocols: 'all',
    mynetworks_style: 'host',
    config_directory: '/etc/postfix',
    smtpd_client_restrictions: '',
    virtual_mailbox_maps: '',
  },
  services: {
    transport: {_destination_rate_delay: '$default_destination_rate_delay'},
    pipe: {_time_limit: '$command_time_limit'},
    spawn: {_time_limit: '$command_time_limit'},
  },
  warnings: {deprecated: {}, conclusion: '', ofComments: 'no'},
}
