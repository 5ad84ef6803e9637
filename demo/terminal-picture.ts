/** The screen of a terminal as SVG, cell by cell, in the colours that it has there. */
import type {IBufferCell, IBufferLine} from '@xterm/headless'

const cell = {width: 8.4, height: 18}
const margin = 14
const background = '#16181d'
const foreground = '#d7dae0'
/** Black, red, green, yellow, blue, magenta, cyan and white. */
const colours = ['#5c6370', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', foreground]

/** `settle` has the text of a line before it is drawn. */
export function drawTerminal(lines: readonly IBufferLine[], columns: number, settle: (text: string) => string): string {
  const [width, height] = [columns * cell.width + 2 * margin, lines.length * cell.height + 2 * margin]
  const runs = lines.flatMap((line, at) => drawLine(line, settle(line.translateToString(true)), at))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<rect width="100%" height="100%" rx="8" fill="${background}"/>`,
    `<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" xml:space="preserve">`,
    ...runs,
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

/** One element for each run of cells that look alike: its length keeps the columns whatever the font. */
function drawLine(line: IBufferLine, text: string, at: number): string[] {
  const runs: {text: string; style: string; inverse: boolean; from: number}[] = []
  for (const [x, letter] of [...text].entries()) {
    const found = line.getCell(x)
    const [style, inverse] = [styleOf(found), Boolean(found?.isInverse())]
    const last = runs.at(-1)
    if (last?.style === style && last.inverse === inverse) last.text += letter
    else runs.push({text: letter, style, inverse, from: x})
  }
  const top = margin + at * cell.height
  return runs.flatMap((each) => {
    const [x, width] = [round(margin + each.from * cell.width), round(each.text.length * cell.width)]
    const box = `<rect x="${x}" y="${top}" width="${width}" height="${cell.height}" fill="${foreground}"/>`
    const place = `x="${x}" y="${top + 0.75 * cell.height}" textLength="${width}" lengthAdjust="spacingAndGlyphs"`
    const written = `<text ${place} ${each.style}>${escapeXml(each.text)}</text>`
    return [...(each.inverse ? [box] : []), ...(each.text.trim() === '' ? [] : [written])]
  })
}

function styleOf(found: IBufferCell | undefined): string {
  const colour = found?.isFgPalette() ? colours[found.getFgColor() % 8] : foreground
  const weight = found?.isBold() ? ' font-weight="bold"' : ''
  return `fill="${found?.isInverse() ? background : colour}"${weight}${found?.isDim() ? ' opacity="0.6"' : ''}`
}

function round(number: number): number {
  return Math.round(number * 10) / 10
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
