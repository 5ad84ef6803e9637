/**
 * The manual page postmulti(1): docs/postmulti.1, with what oclif's manifest knows of each command in its place; and one for
 * each first word of a command.
 * Source: mdoc(7).
 */

const width = 78

/** The page. `commands` are the manifest's, `date` is a Date, and `exitStatusesOf` says what is special about one. */
export function manualPage(template, commands, {date, exitStatuses, exitStatusesOf}) {
  return template
    .split('\n')
    .filter((line) => !line.startsWith('.\\"'))
    .join('\n')
    .replace('@date@', () => toMdocDate(date))
    .replace(/^@commands$/m, () => describeAll(visible(commands), {exitStatuses, exitStatusesOf}))
    .replace(/^@exit-statuses$/m, () => list(Object.entries(exitStatuses)))
}

/**
 * A page for each first word of a command, by its name: postmulti-check has `check`, postmulti-instances all that begin with
 * that word. `topics` says what a word is about that is not a command itself.
 */
export function topicPages(commands, topics, {date, exitStatuses, exitStatusesOf}) {
  const shown = visible(commands)
  const firstWords = [...new Set(shown.map(({id}) => id.split(':')[0]))]
  return new Map(
    firstWords.map((word) => {
      const own = shown.filter(({id}) => id.split(':')[0] === word)
      const about = topics[word]?.description ?? own[0].summary
      return [`postmulti-${word}`, topicPage(word, about, own)]
    }),
  )

  function topicPage(word, about, own) {
    return [
      `.Dd ${toMdocDate(date)}`,
      `.Dt POSTMULTI-${word.toUpperCase()} 1`,
      '.Os',
      '.Sh NAME',
      `.Nm postmulti-${word}`,
      `.Nd ${words(about.replace(/\.$/, '').replace(/^./, (first) => first.toLowerCase()))}`,
      '.Sh DESCRIPTION',
      'Commands of',
      '.Xr postmulti 1 :',
      '.Bl -tag -width Ds',
      describeAll(own, {exitStatuses, exitStatusesOf}),
      '.El',
      '.Sh EXIT STATUS',
      '.Bl -tag -width Ds',
      list(Object.entries(exitStatuses)),
      '.El',
      '.Sh SEE ALSO',
      '.Xr postmulti 1',
      '',
    ].join('\n')
  }
}

function visible(commands) {
  return Object.values(commands).filter(({hidden}) => !hidden)
}

function describeAll(commands, {exitStatuses, exitStatusesOf}) {
  const special = (command) => exitStatusesOf(command).filter(([status, meaning]) => meaning !== exitStatuses[status])
  return commands.map((each) => describe(each, special(each))).join('\n')
}

function describe(command, statuses) {
  const {summary, description = '', flags, examples = []} = command
  const visible = Object.values(flags).filter(({name, hidden}) => !hidden && name !== 'json')
  return [
    '.It Xo',
    synopsis(command, visible),
    '.Xc',
    text(summary),
    ...(description === '' ? [] : [text(description)]),
    ...(visible.length === 0 ? [] : ['.Bl -tag -width Ds', ...visible.flatMap(flagItem), '.El']),
    ...(statuses.length === 0 ? [] : ['.Pp', 'Exit status:', '.Bl -tag -width Ds', list(statuses), '.El']),
    ...(examples.length === 0 ? [] : ['.Pp', 'As in', ...examples.map((each) => `.Dl ${words(typed(each, command))}`)]),
  ].join('\n')
}

function synopsis({id, args, usage}, flags) {
  const name = id.split(':').join(' ')
  const own = [usage ?? []].flat()[0]
  if (own !== undefined) return `.Cm ${name}\n.Ar ${words(own.replace('<%= command.id %>', '').trim()).toLowerCase()}`
  return [
    `.Cm ${name}`,
    ...Object.values(args).map(({name: argument, multiple, required}) => {
      return `.${required ? 'Ar' : 'Op Ar'} ${argument}${multiple ? ' ...' : ''}`
    }),
    ...flags.map((each) => `.Op ${toMacro(each)}`),
  ].join('\n')
}

function flagItem(flag) {
  const {char, description = ''} = flag
  return [`.It ${char === undefined ? '' : `Fl ${char} , `}${toMacro(flag)}`, text(description)]
}

function toMacro({name, type, allowNo, options, helpValue}) {
  if (type === 'boolean') return `Fl -${allowNo ? '[no-]' : ''}${name}`
  return `Fl -${name} Ns = Ns Ar ${options?.join(' | Ar ') ?? helpValue?.toLowerCase() ?? 'value'}`
}

function list(entries) {
  return entries.flatMap(([term, meaning]) => [`.It ${term}`, text(meaning)]).join('\n')
}

function typed(example, {id}) {
  const line = typeof example === 'string' ? example : example.command
  return line.replaceAll('<%= config.bin %>', 'postmulti').replaceAll('<%= command.id %>', id.replaceAll(':', ' '))
}

/** Sentence by sentence, in short lines that no macro is hidden in. */
function text(said) {
  return said
    .replaceAll(/([.!?:]) (?=[A-Z'"$(])/g, '$1\n')
    .split('\n')
    .flatMap(fold)
    .map((line) => withBackslashes(line).replace(/^[.']/, '\\&$&'))
    .join('\n')
}

function fold(sentence) {
  const lines = ['']
  for (const word of sentence.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trim()
    if (longer.length > width) lines.push(word)
    else lines[lines.length - 1] = longer
  }
  return lines
}

/** Arguments of a macro: none of them is a macro itself. */
function words(line) {
  return withBackslashes(line)
    .replaceAll('"', '\\(dq')
    .replaceAll('-', '\\-')
    .replaceAll(/(^| )(?=[A-Z][a-z]{1,2}( |$)|[|.,:;()[\]?!]( |$))/g, '$1\\&')
}

function withBackslashes(line) {
  return line.replaceAll('\\', '\\e')
}

function toMdocDate(date) {
  return date.toLocaleDateString('en-US', {year: 'numeric', month: 'long', day: 'numeric', timeZone: 'UTC'})
}
