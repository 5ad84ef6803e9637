/**
 * What the programs that run for one instance find in their environment.
 * Source: run_user_command() and export_helper_environment() in postmulti.c; maillog_client_init() in Postfix's global
 * library.
 */
import type {Instance} from '../../model/instance/instance.ts'
import type {Primary} from '../reader/primary.ts'
import {rawEnvironment} from './arguments.ts'

export interface Command {
  /** The program, then its arguments. */
  words: string[]
  environment: NodeJS.ProcessEnv
}

/** The caller's environment, with the marks that the Postfix library leaves in it while it reads main.cf. */
export function callerEnvironment(primary: Primary, verbose = false): NodeJS.ProcessEnv {
  // POSTMULTI_ are marks of our own: of the launcher, and for oclif.
  const isOurs = (name: string): boolean => /^POST(?:MULTI_.*|LOG_SERVICE|LOG_HOSTNAME)$/.test(name)
  const caller = Object.entries(rawEnvironment(process.env)).filter(([name]) => !isOurs(name))
  const logsToFile = primary.parameter('maillog_file') !== ''
  return {
    ...Object.fromEntries(caller),
    MAIL_LOGTAG: primary.parameter('syslog_name'),
    ...(verbose ? {MAIL_VERBOSE: ''} : {}),
    ...(logsToFile
      ? {
          POSTLOG_SERVICE: `${primary.parameter('queue_directory')}/public/postlog`,
          POSTLOG_HOSTNAME: primary.parameter('myhostname'),
        }
      : {}),
  }
}

/** postfix(1) learns of its instance by MAIL_CONFIG alone. */
export function toPostfixCommand(
  words: string[],
  instance: Instance,
  primary: Primary,
  caller: NodeJS.ProcessEnv,
): Command {
  return {
    words: [`${primary.parameter('command_directory')}/postfix`, '--', ...words],
    environment: {...caller, MAIL_CONFIG: instance.config_directory},
  }
}

/** Any other command is promised more. */
export function toCommand(words: string[], instance: Instance, primary: Primary, caller: NodeJS.ProcessEnv): Command {
  const command_directory = primary.parameter('command_directory')
  return {
    words,
    environment: {
      ...caller,
      MAIL_CONFIG: instance.config_directory,
      daemon_directory: primary.parameter('daemon_directory'),
      command_directory,
      config_directory: instance.config_directory,
      queue_directory: instance.queue_directory,
      data_directory: instance.data_directory,
      multi_instance_name: instance.multi_instance_name,
      multi_instance_group: instance.multi_instance_group,
      multi_instance_enable: instance.multi_instance_enable ? 'yes' : 'no',
      PATH: `${command_directory}:${caller.PATH || '/bin:/usr/bin:/sbin:/usr/sbin'}`,
    },
  }
}
