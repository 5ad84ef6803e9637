/**
 * What can stand in the way of a change: full and read-only disks, missing rights, missing tools. Each function raises
 * an obstacle on the throw-away host and returns the one that takes it away.
 */
import {basename, dirname} from 'node:path'
import {sh} from './inside.ts'

/** The directory on a disk of its own, with so many pages of 4 kB left. */
export function fill(directory: string, pages = 0): () => void {
  return moveToDisk(
    directory,
    `dd if=/dev/zero of=$disk/filler bs=4k count=${Math.max(1, pages)} 2>/dev/null
     mount -o remount,size=$(($(df --output=used -B1 $disk | tail -n 1))) $disk
     ${pages === 0 ? '' : `truncate -s 0 $disk/filler`}`,
  )
}

export function fewInodes(directory: string, count: number): () => void {
  return moveToDisk(
    directory,
    `mount -o remount,nr_inodes=$(($(df --output=iused $disk | tail -n 1) + ${count})) $disk`,
  )
}

function moveToDisk(directory: string, limit: string): () => void {
  sh(`
    mkdir -p ${directory}
    disk=$(mktemp -d /run/disk.XXXXXX)
    mount -t tmpfs -o size=16m,mode=755 tmpfs $disk
    cp -a ${directory}/. $disk
    ${limit}
    mount --bind $disk ${directory}`)
  // What happens on the disk is kept.
  return () =>
    void sh(
      `mount -o remount,size=16m,nr_inodes=0 ${directory}; cp -a ${directory} /run/kept; umount ${directory}; cp -a /run/kept/. ${directory}; rm -rf /run/kept ${directory}/filler`,
    )
}

export function readOnly(directory: string): () => void {
  sh(`mkdir -p ${directory}; mount --bind ${directory} ${directory}; mount -o remount,bind,ro ${directory}`)
  return () => void sh(`umount ${directory}`)
}

export function chmod(mode: string, ...directories: string[]): () => void {
  sh(`chmod ${mode} ${directories.join(' ')}`)
  return () => void sh(`chmod 755 ${directories.join(' ')}`)
}

/** In a directory that the throw-away host has for itself. */
export function remove(path: string): () => void {
  sh(`mv ${path} /run/removed`)
  return () => void sh(`mv /run/removed ${path}`)
}

/** In a directory that it shares with the host it runs on. */
export function hide(path: string): () => void {
  const directory = dirname(path)
  sh(`less=$(mktemp -d /run/less.XXXXXX); mknod $less/${basename(path)} c 0 0
    mount -t overlay -o lowerdir=$less:${directory} overlay ${directory}`)
  return () => void sh(`umount --lazy ${directory}`)
}

export function disarm(path: string): () => void {
  sh(`cp ${path} /run/disarmed; chmod 644 /run/disarmed; mount --bind /run/disarmed ${path}`)
  return () => void sh(`umount ${path}`)
}

/**
 * With a line like this one in postfix-files it is better that the real command sets the permissions. Debian 13's does not
 * fill the chroot then, so that it prints nothing.
 */
export function needSetPermissions(): () => void {
  const file = sh('echo $(postconf -dh meta_directory)/postfix-files')
  sh(`echo '$queue_directory/extra:d:root:-:755:ucz' >>${file}; echo SYNC_CHROOT= >/etc/default/postfix`)
  return () => void sh(`sed -i '$d' ${file}; rm /etc/default/postfix`)
}

export function takeAll(...each: (() => void)[]): () => void {
  return () => {
    for (const takeAway of each) takeAway()
  }
}
