/**
 * The host as rules see it. What costs something is read when a rule names it. undefined is what the reader may not see:
 * a rule says nothing about that.
 */

import type {Program, Runner} from '../change/runner.ts'
import type {Damaged, Instance} from '../instance/instance.ts'
import type {Listener} from '../master-cf/listeners.ts'
import type {NamedTable} from '../master-cf/lookup-tables.ts'
import type {ServiceLine} from '../master-cf/services.ts'
import type {Units} from '../units/units.ts'

export interface CheckInput {
  /** Those that can be read; primary first, in start order. */
  instances: readonly CheckedInstance[]
  damaged: readonly Damaged[]
  host: CheckHost
}

export interface CheckedInstance extends Instance {
  primary: boolean
  /** What main.cf sets, unexpanded and with single blanks; the last of each name. */
  settings: ReadonlyMap<string, {value: string; line: number}>
  /** What main.cf sets in vain, in its order: a later line sets it again. */
  overridden: readonly {name: string; value: string; line: number}[]
  /** Of master.cf, in its order. */
  services: readonly ServiceLine[]
  listeners: readonly Listener[]
  tables: readonly NamedTable[]
  /** As `postconf -xh`; empty when it is unknown. */
  parameter(name: string): string
  /**
   * What a value stands for, beside settings of a service (-o); undefined where that is not certain: it cannot be expanded, or
   * has a name that each process has for itself. A name that nothing sets stands for nothing.
   */
  expanded(value: string, own?: ReadonlyMap<string, string>): string | undefined
  /** Whether $NAME stands for something: Postfix, a service or main.cf has it. */
  isDefined(parameter: string): boolean
  /** Whether Postfix, a service or another setting has a use for it. */
  isUsed(parameter: string): boolean
}

export interface CheckHost {
  /** What is at the end of the links; null when there is nothing. */
  look(path: string): FoundFile | null | undefined
  /** The one name of a path, also of one that does not exist yet. */
  canonical(path: string): string
  /** Latin1; null where there is no file. */
  text(path: string): string | null | undefined
  /** Under whom a fix would run it. */
  runner(program: Program): Runner
  userId(name: string): number | undefined
  groupId(name: string): number | undefined
  /** Parameters of this Postfix that are spelled like it. */
  nearestParameters(name: string): string[]
  /** Of the installed Postfix, unexpanded; undefined for what is no parameter of it, or is made at run time. */
  defaultOf(parameter: string): string | undefined
  /** Types of lookup tables that this Postfix has. */
  tableTypes(): readonly string[] | undefined
  /** Whether an interface of this host has the numeric address. */
  hasAddress(address: string): boolean | undefined
  /** Whether a program can bind to it, which takes less. */
  canBind(address: string): boolean | undefined
  /** As getaddrinfo(3) resolves a host name; null where it finds none, undefined where that takes more than a second. */
  addressesOf(name: string): readonly string[] | null | undefined
  /** Sockets that wait for TCP connections. */
  sockets(): readonly Socket[]
  /** The process that has the socket; null when there is none any more. */
  holderOf(socket: Socket): {pid: number; name: string} | null | undefined
  /** The names in a directory; null where there is none. */
  entries(directory: string): readonly string[] | null | undefined
  /** Each master(8) that sees the files that we see, listed or not. */
  masters(): readonly {pid: number; config_directory: string}[]
  /** The master(8) of an instance; null when it is stopped. */
  masterOf(instance: Instance): {pid: number} | null | undefined
  /** How systemd starts instances; undefined where its units do not matter. */
  units(): Units | undefined
  /** The unit in whose control group a process runs. */
  unitOf(pid: number): string | undefined
  /** What takes the place of a parameter that the installed Postfix is going to drop; null when nothing does. */
  successorOf(parameter: string): string | null | undefined
  /** Descriptors of a process, and how many it may have. */
  descriptorsOf(pid: number): {open: number; limit: number} | undefined
  /** What others than root may still write where this directory is, in bytes. */
  freeSpace(directory: string): number | undefined
  /** In bytes. */
  memory: number
}

export interface FoundFile {
  kind: 'file' | 'directory' | 'other'
  uid: number
  gid: number
  /** With setuid, setgid and sticky bit. */
  mode: number
  /** In milliseconds since 1970. */
  modified: number
  /** Device and inode: the same for all names of one file. */
  identity: string
}

export interface Socket {
  address: string
  port: number
  inode: string
}
