/** The times as a picture: one panel for each of some cases, time over the number of instances, both logarithmic. */
import * as Plot from '@observablehq/plot'
import {DOMParser} from 'linkedom'
import {type Side, sides, type Timing} from './results.ts'
import {quantile} from './statistics.ts'

const panels = ['-l', '-i one -x true', '-e create', 'instances status']
const names: Record<Side, string> = {bare: 'bare node', ours: 'ours', real: 'real'}
const colours: Record<Side, string> = {bare: '#888888', ours: '#0b6e99', real: '#c2410c'}

/** A whole SVG file. Quartiles are lines across the medians. */
export function toSvg(timings: readonly Timing[]): string {
  const document = new DOMParser().parseFromString('<html></html>', 'text/html')
  const points = timings.filter(({title}) => panels.includes(title)).flatMap(toPoints)
  const place = {x: 'instances', fx: 'panel', stroke: 'who'}
  const svg = Plot.plot({
    document,
    width: 960,
    height: 380,
    marginLeft: 50,
    marginRight: 8,
    marginBottom: 40,
    style: {background: 'white', color: 'black', fontSize: '12px'},
    x: {
      type: 'log',
      insetLeft: 8,
      insetRight: 76,
      label: 'secondary instances →',
      ticks: [1, 10, 100, 1000],
      tickFormat: 'd',
    },
    y: {type: 'log', grid: true, label: '↑ milliseconds', ticks: [10, 100, 1000, 10_000], tickFormat: 'd'},
    fx: {label: null, domain: panels.filter((each) => points.some(({panel}) => panel === each))},
    color: {domain: sides.map((side) => names[side]), range: sides.map((side) => colours[side])},
    marks: [
      Plot.frame({stroke: '#cccccc'}),
      Plot.ruleX(points, {...place, y1: 'lower', y2: 'upper', strokeWidth: 4, strokeOpacity: 0.4}),
      Plot.line(points, {...place, y: 'middle'}),
      Plot.dot(points, {...place, y: 'middle', r: 2.5, fill: 'who'}),
      Plot.text(
        points,
        Plot.selectLast({
          x: 'instances',
          y: 'middle',
          z: 'who',
          fx: 'panel',
          fill: 'who',
          text: 'who',
          textAnchor: 'start',
          dx: 8,
        }),
      ),
    ],
  })
  // The types of a browser are not here.
  const drawn = svg as unknown as {setAttribute(name: string, value: string): void; outerHTML: string}
  drawn.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  return `${drawn.outerHTML}\n`
}

function toPoints({title, instances, times}: Timing) {
  return sides.map((side) => {
    const [lower, middle, upper] = [0.25, 0.5, 0.75].map((part) => quantile(times[side], part))
    return {panel: title, who: names[side], instances, lower, middle, upper}
  })
}
