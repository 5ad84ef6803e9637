/**
 * -e create and -e import where Debian fills the chroot, from 13 on: the copies, and what is told of them. Before that
 * nothing of it is seen. Source: configure-instance.sh and syncfiles.pl of Debian.
 */
import type {Case} from '../rows.ts'

const list = 'postmulti -l'
const create = 'postmulti -I postfix-a -e create'
const settings = (text: string): string => `mkdir -p /etc/default; printf '%s\\n' '${text}' >/etc/default/postfix`
const jailed = "prototypes; sed -i 's/^smtp .* smtpd$/smtp inet n - y - - smtpd/' /etc/postfix/master.cf.proto"
const reimport = [
  'postmulti -I postfix-a -e import config_directory=/etc/postfix-in queue_directory=/var/spool/postfix-in',
  list,
]
const deported = (change: string): string => `postmulti -i in -e deport; cd /var/spool/postfix-in; ${change}`

const chroot: Case = {
  about: '-e create and the chroot',
  rows: [
    ['creates one with services in it', [create, list], {given: jailed}],
    ['creates one where the site wants none', [create, list], {given: settings('SYNC_CHROOT=')}],
    ['creates one where the site says the usual', [create, list], {given: settings('SYNC_CHROOT="y"')}],
    [
      'creates one where the site wants more',
      [create, list],
      {given: `echo x >/etc/site-file; ${settings('chroot_extra_files=etc/site-file')}`},
    ],
    ['creates one where a file is not on the host', [create, list], {given: 'rm -f /etc/host.conf'}],
    ['imports one whose copies are old', reimport, {given: deported('echo 192.0.2.99 new >>/etc/hosts')}],
    ['imports one with a copy too many', reimport, {given: deported('mkdir -p etc; echo x >etc/nss_mdns.config')}],
    ['imports one with a link for a copy', reimport, {given: deported('mkdir -p etc; ln -sf /etc/hosts etc/hosts')}],
    [
      'imports one with what an older release has left',
      reimport,
      {given: deported('mkdir -p usr/lib/zoneinfo; ln -s /etc/localtime usr/lib/zoneinfo/localtime')},
    ],
  ],
}

export default chroot
