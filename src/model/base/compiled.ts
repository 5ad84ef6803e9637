/**
 * WebAssembly is code that is compiled while it runs. bin/postmulti starts Node without it where the system does not let
 * memory become executable, as systemd's MemoryDenyWriteExecute= does.
 */
import {Refusal} from './errors.ts'
import type {Suggestion} from './suggestion.ts'

/** Refuses where there is none; `instead` does without. */
export function checkCompiled(what: string, instead: Suggestion): void {
  if ('WebAssembly' in globalThis) return
  const why = 'the system does not let memory become executable here (MemoryDenyWriteExecute=)'
  throw new Refusal(`${what} needs WebAssembly, and ${why}`, {suggestions: [instead]})
}
