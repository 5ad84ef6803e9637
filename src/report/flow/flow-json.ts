/** The flow of mail for programs; docs/json.md describes it. */
import type {DeliveryPath} from '../../flow/follow.ts'
import type {Edge, Flow, Node} from '../../flow/graph.ts'
import type {Decision} from '../../flow/resolve.ts'
import type {Remark} from '../../flow/troubles.ts'

export interface FlowJson {
  nodes: NodeJson[]
  edges: Edge[]
  remarks: Remark[]
}

interface NodeJson {
  id: string
  kind: Node['kind']
  label: string
  /** Only of instances, else null. */
  config_directory: string | null
  multi_instance_enable: boolean | null
}

export interface DeliveryPathJson {
  config_directory: string
  label: string
  service: string
  decisions: Decision[]
  unknown: string[]
  ways: WayJson[]
}

interface WayJson {
  address: string
  class: string | null
  decisions: Decision[]
  unknown: string[]
  transport: string
  nexthop: string
  to: string
  into: string | null
  assumed: string | null
  trouble: Edge['trouble']
  loops: boolean
  /** Null where it leaves the instances. */
  next: DeliveryPathJson | null
}

export function toFlowJson({nodes, edges}: Flow, remarks: readonly Remark[]): FlowJson {
  return {nodes: nodes.map(toNodeJson), edges, remarks: [...remarks]}
}

export function toDeliveryPathJson({stop, legs}: DeliveryPath): DeliveryPathJson {
  const {instance, label, service, decisions, unknown} = stop
  return {
    config_directory: instance,
    label,
    service,
    decisions,
    unknown,
    ways: legs.map(({way, to, assumed, next, loops}) => ({
      address: way.address,
      class: way.class,
      decisions: way.decisions,
      unknown: way.unknown,
      transport: way.hop.transport,
      nexthop: way.hop.nexthop,
      to: to.node.label,
      into: to.into,
      assumed,
      trouble: to.trouble,
      loops,
      next: next === null ? null : toDeliveryPathJson(next),
    })),
  }
}

function toNodeJson(node: Node): NodeJson {
  const {id, kind, label} = node
  const instance = node.kind === 'instance' ? node.instance : null
  return {
    id,
    kind,
    label,
    config_directory: instance?.config_directory ?? null,
    multi_instance_enable: instance?.multi_instance_enable ?? null,
  }
}
