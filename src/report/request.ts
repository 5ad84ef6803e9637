/** A request in a few words, for history and for questions. */
import type {Beginning} from '../model/change/past.ts'
import {changedSettings, type PluginChange, type PluginsRequest} from '../model/change/plugin-change.ts'
import type {Selection} from '../model/instance/selection.ts'

/** What was asked for, shortly; `config_directory` is what it was about. */
export function describeRequest(request: Beginning['request'], config_directory: string): string {
  switch (request.action) {
    case 'init':
      return 'init'
    case 'create':
    case 'import':
      return `${request.action} ${request.newName || config_directory}`
    case 'set':
      return [
        Object.keys(request.set).length === 0 ? 'unset' : 'set',
        ...request.targets.map(describeSelection),
        ...Object.entries(request.set).map(([name, value]) => `${name}=${value}`),
        ...request.unset,
      ].join(' ')
    case 'edit':
      return `edit ${request.file} of ${describeSelection(request.target)}`
    case 'undo':
      return ['undo', ...(request.id === undefined ? [] : [request.id]), ...(request.force ? ['--force'] : [])].join(
        ' ',
      )
    case 'fix':
      return `fix ${[...new Set(request.findings.map(({rule}) => rule))].join(', ')}`
    case 'plugins':
      return `plugins ${request.how} ${request.plugins.map((each) => describePlugin(each, request.how)).join(', ')}`
    case 'assign': {
      const {newName, newGroup} = request
      const names = [describeName('name', newName), describeName('group', newGroup)].filter(Boolean)
      return `assign ${describeTarget(request.target, config_directory)} ${names.join(', ')}`
    }
    default:
      return `${request.action} ${describeTarget(request.target, config_directory)}`
  }
}

function describePlugin(change: PluginChange, how: PluginsRequest['how']): string {
  const {name, before, after} = change
  const versions = {key: '', before: before?.version, after: after?.version}
  const changed =
    how === 'config' ? changedSettings(change).map((each) => ({...each, key: `${each.key}=`})) : [versions]
  const told = changed.map(({key, before: old, after: now}) => {
    const was = old === undefined ? '' : `(was ${old})`
    return [`${key}${now ?? ''}`, was].filter(Boolean).join(' ')
  })
  return [name, ...told].join(' ')
}

function describeName(what: string, name: string | undefined): string {
  return name === undefined ? '' : name === '' ? `no ${what}` : `${what} ${name}`
}

function describeTarget(target: Selection | undefined, config_directory: string): string {
  return target?.by === 'name' ? target.name : config_directory
}

function describeSelection(selection: Selection): string {
  if (selection.by === 'all') return '--all'
  return selection.by === 'group' ? `--group ${selection.group}` : selection.name
}
