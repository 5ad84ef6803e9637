/** Where the value of a parameter comes from. */
import type {Instance} from '../instance/instance.ts'

/** Where one main.cf sets it. */
export interface WrittenSetting {
  instance: Instance
  /** As it is written there, with single blanks. */
  written: string
  file: string
  line: number
}

export interface Explanation {
  instance: Instance
  parameter: string
  /** In effect. */
  value: string
  /** Null where main.cf does not set it. */
  setting: WrittenSetting | null
  /** As Postfix has it, unexpanded; null where there is none, or it is made at run time. */
  standard: string | null
  /** Of this instance, with a value of their own in master.cf. */
  services: {service: string; value: string}[]
  /** Of other instances, in start order. */
  others: WrittenSetting[]
}
