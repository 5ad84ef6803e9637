import type {Results} from '../../bench/results.ts'

/** Results as they could be, with round numbers. */
export const results: Results = {
  began: '2024-05-06T07:08:09.000Z',
  machine: {node: 'v24.1.2', postfix: '3.7.11', processors: '2 x Z80', load: '0.9'},
  rounds: 3,
  timings: [
    {title: '-l', instances: 1, times: {bare: [20, 20, 20], ours: [24, 30, 26], real: [12, 15, 12]}},
    {title: '-l', instances: 1000, times: {bare: [20, 21, 20], ours: [50, 40, 80], real: [4000, 4000, 4000]}},
    {title: '-p status', instances: 1, times: {bare: [20, 20, 20], ours: [60, 60, 60], real: [30, 30, 30]}},
  ],
  figures: [
    {title: 'peak memory of -l', unit: 'MB', values: {bare: 42, ours: 50.25, real: 8}},
    {title: 'enrolled', unit: '', values: {ours: 20, real: 1}},
  ],
}
