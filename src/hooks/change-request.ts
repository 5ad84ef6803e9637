/** A request as plugins see it: what the API promises, whatever a request is inside. */
import type {ChangeRequest} from '@postmulti/plugin-api'
import type {Request} from '../model/change/request.ts'

export function toChangeRequest(request: Request | {action: 'start'}): ChangeRequest {
  const {action} = request
  switch (action) {
    case 'create':
    case 'import':
      return {
        action,
        ...requestedNames(request),
        set: {...request.directories, ...request.birth?.settings},
      }
    case 'destroy':
    case 'deport':
    case 'enable':
    case 'disable':
    case 'reorder':
      return {action, ...requestedTarget(request)}
    case 'assign':
      return {action, ...requestedTarget(request), ...requestedNames(request)}
    case 'edit':
      return {action, ...requestedTarget(request), file: request.file}
    case 'set':
      return {action, targets: request.targets, set: request.set, unset: request.unset}
    case 'fix':
      return {action, rules: [...new Set(request.findings.map(({rule}) => rule))]}
    case 'undo':
      return {action, ...(request.id && {id: request.id}), ...(request.force && {force: true})}
    case 'init':
      return {action, wrapper: request.wrapper}
    case 'start':
      return {action}
  }
}

function requestedTarget({target}: {target?: NonNullable<ChangeRequest['target']>}): Pick<ChangeRequest, 'target'> {
  return target === undefined ? {} : {target}
}

function requestedNames({
  newName,
  newGroup,
}: {
  newName?: string
  newGroup?: string
}): Pick<ChangeRequest, 'newName' | 'newGroup'> {
  return {...(newName === undefined ? {} : {newName}), ...(newGroup === undefined ? {} : {newGroup})}
}
