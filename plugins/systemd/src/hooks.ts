/** Asked before each change of the instance list, and before a start: what it means for the units of systemd. */
import {lstatSync} from 'node:fs'
import type {Hook} from '@postmulti/plugin-api'
import {planChange, planStart} from './plan.ts'

const isThere = (path: string) => lstatSync(path, {throwIfNoEntry: false}) !== undefined

const hook: Hook = (question) => (question.event === 'pre-start' ? planStart : planChange)(question, isThere)
export default hook
