/** The summary of a run in words: a table with one line for each startup, and what it says in plain sentences. */
import type { Proportion } from '../statistics/proportion.ts'
import { printable } from '../files/printable.ts'
import type { StartupSummary, Summary } from './summary.ts'

/** The whole text of summary.txt, as also shown in the terminal. */
export function summaryText(summary: Summary): string {
  const { title, months, replications, seed } = summary
  const head = `${printable(title)}: ${count(months, 'month')}, ${count(replications, 'replication')}, seed ${printable(seed)}`
  const sentences = [...findings(summary), ...whatEmptiedTheCash(summary), caveat(summary)].flatMap(
    (sentence) => wrapped(sentence, 110),
  )
  return `${[head, '', ...summaryTable(summary), '', ...sentences].join('\n')}\n`
}

/** The lines of the table, heads included. */
export function summaryTable(summary: Summary): string[] {
  const { startups, currency } = summary
  const money = moneyScale(summary)
  const milestones = startups[0]?.survival ?? []
  const early = milestones.slice(0, -1)
  const columns: Column[] = [
    { heads: ['', 'startup'], cell: ({ id }) => printable(id) },
    ...(early.length === 0
      ? []
      : [
          {
            heads: ['alive after', spread(early.map(({ months }) => `${months}`))],
            cell: ({ survival }: StartupSummary) =>
              spread(early.map((_, index) => orDash(survival[index]!.share, percent))),
          } satisfies Column,
        ]),
    ...(startups.some(({ entered }) => entered !== undefined)
      ? [
          {
            heads: ['', 'enters'],
            cell: ({ entered }: StartupSummary) => percent(entered ?? 1),
          } satisfies Column,
        ]
      : []),
    {
      heads: [early.length === 0 ? 'alive after' : '', `${count(summary.months, 'month')} [95%]`],
      cell: ({ survivalAtEnd }) => `${percent(survivalAtEnd.share).padStart(4)} ${interval(survivalAtEnd)}`,
    },
    { heads: ['revenue', 'share'], cell: ({ revenueShare }) => orDash(revenueShare, percent) },
    {
      heads: [`profit, ${currency}${money.unit}`, 'median [10%, 90%]'],
      cell: ({ profit }) =>
        `${money.show(profit.median)} [${money.show(profit.low10)}, ${money.show(profit.high90)}]`,
    },
    { heads: ['profit', 'above 0'], cell: ({ profit }) => percent(profit.positive.share) },
    { heads: ['free', 'users'], cell: ({ freeUsers }) => compact(freeUsers) },
    { heads: ['paid', 'users'], cell: ({ paidUsers }) => compact(paidUsers) },
    { heads: ['gross', 'margin'], cell: ({ grossMargin }) => orDash(grossMargin, percent) },
    { heads: ['', 'health'], cell: ({ health }) => health.overall.toFixed(2) },
  ]
  const cells = columns.map(({ heads, cell }) => [...heads, ...startups.map(cell)])
  const widths = cells.map((column) => Math.max(...column.map((text) => text.length)))
  return cells[0]!.map((_, line) =>
    cells
      .map((column, index) => {
        const text = column[line]!
        return index === 0 ? text.padEnd(widths[index]!) : text.padStart(widths[index]!)
      })
      .join('  ')
      .trimEnd(),
  )
}

/** Cells that stand closer together than columns do. */
function spread(cells: readonly string[]): string {
  return cells.map((text) => text.padStart(4)).join(' ')
}

interface Column {
  /** Two lines of heading. */
  readonly heads: readonly [string, string]
  readonly cell: (startup: StartupSummary) => string
}

/** Two sentences on what the numbers mean: who earns, and who lasts. One where there is one startup only. */
export function findings(summary: Summary): string[] {
  if (summary.startups.length === 1) return [earnings(summary, summary.startups[0]!)]
  // Those who enter later had less time to fail.
  const fromTheStart = summary.startups.filter(({ entered }) => entered === undefined)
  return [
    whoEarns(summary),
    ...(fromTheStart.length > 1 ? [whoLasts({ ...summary, startups: fromTheStart })] : []),
  ]
}

function earnings(summary: Summary, { name, profit, survivalAtEnd }: StartupSummary): string {
  const money = moneyScale(summary)
  const range = `10% to 90%: ${money.show(profit.low10)} to ${money.show(profit.high90)}`
  return (
    `${printable(name)} makes a median profit of ${money.amount(profit.median)} in ${count(summary.months, 'month')} (${range}), ` +
    `above zero in ${percent(profit.positive.share)} of replications, and is in business at the end in ${known(survivalAtEnd)}.`
  )
}

function whoEarns(summary: Summary): string {
  const money = moneyScale(summary)
  const first = highest(summary, ({ profit }) => profit.median)
  const { profit } = first[0]!
  const range = ` (10% to 90%: ${money.show(profit.low10)} to ${money.show(profit.high90)})`
  const positive = `, above zero in ${percent(profit.positive.share)} of replications`
  // Startups that are equal may still differ in how far their luck reaches.
  const median = `${money.amount(profit.median)}${first.length === 1 ? range + positive : ''}`
  const names = namesOf(first)
  const earn =
    first.length === 1
      ? `${names} earns most: a median profit of`
      : `${names} earn most, with the same median profit of`
  const typical =
    profit.median > 0
      ? `${earn} ${median}`
      : `No startup has a median profit above zero; ${names} ${first.length === 1 ? 'comes' : 'come'} closest with ${median}`
  const ahead = highest(summary, (startup) => startup.profit.highest.share)
  return `${typical}; ${whoIsAhead(ahead, first)}.`
}

function whoIsAhead(ahead: readonly StartupSummary[], first: readonly StartupSummary[]): string {
  const share = ahead[0]!.profit.highest
  if (share.share === 0) return 'none is ever ahead of all others'
  if (ahead.length > 1)
    return `${namesOf(ahead)} are ahead of all others equally often, each in ${known(share)}`
  const isFirst = first.length === 1 && first[0] === ahead[0]
  return `${isFirst ? 'it' : namesOf(ahead)} is ahead of all others in ${known(share)}`
}

function whoLasts(summary: Summary): string {
  const { startups, months, replications } = summary
  const end = `after ${count(months, 'month')}`
  const shareOf = ({ survivalAtEnd }: StartupSummary): number => survivalAtEnd.share
  const best = highest(summary, shareOf)
  const worst = highest(summary, (startup) => -shareOf(startup))
  const [{ survivalAtEnd: most }, { survivalAtEnd: least }] = [best[0]!, worst[0]!]
  if (least.share === 1) return `All ${startups.length} startups are in business ${end} in every replication.`
  if (most.share === 0) return `No startup is in business ${end} in any replication.`
  if (most.share === least.share)
    return `All ${startups.length} startups are equally likely to last: in business ${end} in ${known(least)} of replications.`
  const be = worst.length === 1 ? 'is' : 'are equally and'
  const last = `${namesOf(worst)} ${be} least likely to last: in business ${end} in ${known(least)} of replications`
  const next = startups
    .filter((startup) => shareOf(startup) > least.share && !best.includes(startup))
    .toSorted((one, other) => shareOf(one) - shareOf(other))[0]
  // Intervals that overlap do not prove that two are equal; they do mean that the order here may be luck.
  const doubt =
    next !== undefined && next.survivalAtEnd.low <= least.high
      ? `, which ${count(replications, 'replication')} cannot safely tell from ${printable(next.name)} (${percent(shareOf(next))})`
      : ''
  return `${last}${doubt}; ${namesOf(best)} most likely, with ${known(most)}.`
}

/** What each cause of exit is called in a sentence. */
const CAUSES: Readonly<Record<string, string>> = {
  service: 'the service itself',
  structure: 'fixed costs and overhead',
  research: 'R&D',
  marketing: 'marketing',
}

/** What gross profit did not cover before exits, of startups that fail in a tenth of replications at least. */
function whatEmptiedTheCash({ startups, replications }: Summary): string[] {
  const failing = startups.filter(({ exits }) => exits.count >= replications / 10 && exits.causes.length > 0)
  if (failing.length === 0) return []
  const told = failing.map(({ name, exits }) => {
    const causes = exits.causes
      .filter(({ share }) => share >= 0.05)
      .map(({ cause, share }) => `${CAUSES[cause] ?? cause} ${percent(share)}`)
    return `${printable(name)} ${causes.join(', ')}`
  })
  return [
    `The first that gross profit did not cover in the year before they failed (the service, fixed costs and overhead, then R&D or marketing): ${told.join('; ')}.`,
  ]
}

/** How exact the numbers are, and what they cannot say. */
function caveat({ replications }: Summary): string {
  const points = Math.ceil(196 * Math.sqrt(0.25 / replications))
  return (
    `A share is known to at most ${points} percentage points either way (95%, ${count(replications, 'replication')}); ` +
    'all of it follows from the assumptions of the scenario.'
  )
}

/** The startups with the highest value of a figure, of which there are several where they are equal. */
function highest({ startups }: Summary, by: (startup: StartupSummary) => number): StartupSummary[] {
  const most = Math.max(...startups.map(by))
  return startups.filter((startup) => by(startup) === most)
}

/** A, B and C. */
function namesOf(startups: readonly StartupSummary[]): string {
  const names = startups.map(({ name }) => printable(name))
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function known(proportion: Proportion): string {
  return `${percent(proportion.share)} ${interval(proportion)}`
}

function interval({ low, high }: Proportion): string {
  return `[${percent(low)}, ${percent(high)}]`
}

/** A share in whole percent; one that is neither 0 nor 1 does not look like it. */
function percent(share: number): string {
  if (share > 0 && share < 0.005) return '<1%'
  if (share < 1 && share >= 0.995) return '>99%'
  return `${fixed(share * 100, 0)}%`
}

/** How amounts of money are shown: in the unit that fits the largest. */
function moneyScale({ startups, currency }: Summary): {
  unit: string
  show: (amount: number) => string
  amount: (amount: number) => string
} {
  const most = Math.max(
    ...startups.flatMap(({ profit }) => [Math.abs(profit.low10), Math.abs(profit.high90)]),
  )
  const [divisor, unit] =
    most >= 1e9 ? [1e9, ' bn'] : most >= 1e6 ? [1e6, ' m'] : most >= 1e4 ? [1e3, ' k'] : [1, '']
  const digits = most / divisor >= 10 ? 1 : 2
  const show = (amount: number): string => fixed(amount / divisor, digits)
  return { unit, show, amount: (amount) => `${currency} ${show(amount)}${unit}` }
}

/** A number of people, with three digits at most. */
function compact(value: number): string {
  for (const [divisor, unit] of [
    [1e9, 'bn'],
    [1e6, 'm'],
    [1e3, 'k'],
  ] as const) {
    if (value >= divisor * 0.9995) return `${(value / divisor).toPrecision(3)}${unit}`
  }
  return value >= 10 || value === 0 ? fixed(value, 0) : value.toPrecision(2)
}

function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits)
  return Number(text) === 0 ? (0).toFixed(digits) : text
}

function orDash(value: number | null, show: (value: number) => string): string {
  return value === null ? '-' : show(value)
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** The words of a sentence on lines of at most `width` characters. */
function wrapped(sentence: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of sentence.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
