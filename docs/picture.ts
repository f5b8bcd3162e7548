/**
 * Draws docs/picture.svg from a run of the flagship: how long startups last, and how their cash moves. Run as
 * `npx tsx docs/picture.ts [folder]`; the folder is one of `rivalry run large-model-market --record months --out folder`,
 * and without it the run is made here. The same run gives the same bytes.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { columnNamed, readArrow } from '../engine/tables/read.ts'
import { loadScenario, simulate } from '../index.ts'

/** The months of all replications: `[replication][month][startup]`. */
export interface Paths {
  readonly startups: readonly string[]
  readonly months: number
  readonly replications: number
  readonly alive: ArrayLike<number>
  /** Currency. */
  readonly cash: ArrayLike<number>
}

/** Startups whose cash is drawn. */
const SHOWN = ['free-ads', 'freemium', 'subscription'] as const
/** Replications drawn one by one. */
const LINES = 30

/** Colours that stay apart for colour-blind readers: Okabe and Ito, "Color universal design" (2008), darkened. */
const COLOURS: Readonly<Record<string, string>> = {
  'free-ads': '#c8421f',
  freemium: '#d98a00',
  subscription: '#0a7d5a',
  api: '#3a8fc4',
  solutions: '#0a5fa8',
  marketplace: '#b8588f',
  'open-hosting': '#5b5b5b',
  partners: '#8a7a00',
}
const INK = '#24292f'
const FAINT = '#8c959f'
const GRID = '#e4e8ec'

/** Reads the table of months of a run's folder. */
export function pathsOf(folder: string): Paths {
  const table = readArrow(readFileSync(join(folder, 'months.arrow')))
  const startups = columnNamed(table, 'startup').declaration.dictionary ?? []
  const month = columnNamed(table, 'month').values
  const months = (month.at(-1) ?? 0) + 1
  return {
    startups,
    months,
    replications: table.rowCount / months / startups.length,
    alive: columnNamed(table, 'alive').values,
    cash: columnNamed(table, 'cash').values,
  }
}

/** The picture of a run. */
export function picture(paths: Paths): string {
  const survival = survivalPanel(paths, { left: 46, top: 54, width: 372, height: 270 })
  const cash = SHOWN.map((startup, index) =>
    cashPanel(paths, startup, { left: 566 + index * 142, top: 54, width: 126, height: 270 }, index === 0),
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 990 388" width="990" height="388" role="img" font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="12" fill="${INK}">`,
    `<title>Eight business models over eight years: survival, and cash of three of them</title>`,
    `<rect width="990" height="388" rx="8" fill="#ffffff"/>`,
    text(46, 26, 'Share of startups in business', { weight: 600, size: 14 }),
    text(566, 26, 'Cash, EUR million', { weight: 600, size: 14 }),
    text(
      566,
      374,
      `${LINES} of ${paths.replications} replications; a dot is an insolvency, the bold line the median`,
      { fill: FAINT, size: 11 },
    ),
    survival,
    ...cash,
    '</svg>',
    '',
  ].join('\n')
}

interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

function survivalPanel(paths: Paths, box: Box): string {
  const { startups, months, replications, alive } = paths
  const x = (month: number): number => box.left + (box.width * month) / months
  const y = (share: number): number => box.top + box.height * (1 - share)
  const curves = startups.map((startup, f) => {
    const shares = [1]
    for (let month = 0; month < months; month++) {
      let living = 0
      for (let r = 0; r < replications; r++) living += alive[(r * months + month) * startups.length + f] ?? 0
      shares.push(living / replications)
    }
    return { startup, shares, end: shares.at(-1) ?? 0 }
  })
  const labels = spread(
    curves.map(({ startup, end }) => ({ startup, y: y(end) })),
    { gap: 15, low: box.top + 4, high: box.top + box.height },
  )
  return [
    ...[0, 0.25, 0.5, 0.75, 1].map((share) => gridLine(box, y(share), `${share * 100}%`)),
    ...yearTicks(box, x, months, 1),
    ...curves.map(({ startup, shares }) => {
      const points = shares.map((share, month) => `${round(x(month))},${round(y(share))}`)
      return `<polyline points="${points.join(' ')}" fill="none" stroke="${colourOf(startup)}" stroke-width="2" stroke-linejoin="round"/>`
    }),
    ...labels.map(({ startup, y: at }) => {
      const share = curves.find((curve) => curve.startup === startup)?.end ?? 0
      return text(box.left + box.width + 8, at + 4, `${startup} ${Math.round(share * 100)}%`, {
        fill: colourOf(startup),
        weight: 600,
      })
    }),
  ].join('\n')
}

/** Cash of one startup on a logarithmic scale from 0.1 to 1,000 million. */
function cashPanel(paths: Paths, startup: string, box: Box, isFirst: boolean): string {
  const { startups, months, replications, alive, cash } = paths
  const f = startups.indexOf(startup)
  const decades = [0.1, 1, 10, 100, 1000]
  const x = (month: number): number => box.left + (box.width * (month + 1)) / months
  const y = (million: number): number =>
    box.top + box.height * (1 - (Math.log10(Math.min(Math.max(million, 0.1), 1000)) + 1) / 4)
  const at = (r: number, month: number): number => (r * months + month) * startups.length + f
  const lines: string[] = []
  const dots: string[] = []
  for (let r = 0; r < Math.min(LINES, replications); r++) {
    const points: string[] = []
    for (let month = 0; month < months; month++) {
      if (alive[at(r, month)] !== 1) {
        dots.push(`<circle cx="${round(x(month))}" cy="${round(y(0.1))}" r="1.8"/>`)
        break
      }
      points.push(`${round(x(month))},${round(y((cash[at(r, month)] ?? 0) / 1e6))}`)
    }
    lines.push(`<polyline points="${points.join(' ')}"/>`)
  }
  const median: string[] = []
  for (let month = 0; month < months; month++) {
    const all = Array.from({ length: replications }, (_, r) => (cash[at(r, month)] ?? 0) / 1e6).toSorted(
      (one, other) => one - other,
    )
    const middle = ((all[(replications - 1) >> 1] ?? 0) + (all[replications >> 1] ?? 0)) / 2
    if (middle <= 0.1) break
    median.push(`${round(x(month))},${round(y(middle))}`)
  }
  const colour = colourOf(startup)
  return [
    ...decades.map((million) =>
      gridLine(box, y(million), isFirst ? (million === 1000 ? '1,000' : String(million)) : ''),
    ),
    ...yearTicks(box, (month) => x(month - 1), months, 2),
    `<g fill="none" stroke="${colour}" stroke-width="0.8" stroke-opacity="0.35" stroke-linejoin="round">`,
    ...lines,
    '</g>',
    `<g fill="${colour}" fill-opacity="0.7">${dots.join('')}</g>`,
    `<polyline points="${median.join(' ')}" fill="none" stroke="${colour}" stroke-width="2.5" stroke-linejoin="round"/>`,
    text(box.left, box.top - 8, startup, { fill: colour, weight: 600 }),
  ].join('\n')
}

/** Moves labels apart, top to bottom, as little as their gap demands. */
function spread<Label extends { readonly y: number }>(
  labels: readonly Label[],
  { gap, low, high }: { gap: number; low: number; high: number },
): Label[] {
  const sorted = labels
    .toSorted((one, other) => one.y - other.y)
    .map((label) => ({ ...label, y: Math.max(label.y, low) }))
  for (let pass = 0; pass < 100; pass++) {
    for (let i = 1; i < sorted.length; i++) {
      const above = sorted[i - 1]
      const below = sorted[i]
      if (above === undefined || below === undefined || below.y - above.y >= gap) continue
      const middle = (above.y + below.y) / 2
      above.y = middle - gap / 2
      below.y = middle + gap / 2
    }
    const last = sorted.at(-1)
    if (last !== undefined && last.y > high) last.y = high
  }
  return sorted
}

function gridLine(box: Box, y: number, label: string): string {
  const line = `<line x1="${box.left}" x2="${box.left + box.width}" y1="${round(y)}" y2="${round(y)}" stroke="${GRID}"/>`
  return label === ''
    ? line
    : `${line}\n${text(box.left - 6, y + 4, label, { fill: FAINT, anchor: 'end', size: 11 })}`
}

/** The years under a panel. */
function yearTicks(box: Box, x: (month: number) => number, months: number, step: number): string[] {
  const years = Array.from({ length: Math.floor(months / 12 / step) + 1 }, (_, i) => i * step)
  const bottom = box.top + box.height
  return [
    ...years.map((year) =>
      text(x(year * 12), bottom + 18, String(year), { fill: FAINT, anchor: 'middle', size: 11 }),
    ),
    text(box.left + box.width / 2, bottom + 36, 'years', { fill: FAINT, anchor: 'middle', size: 11 }),
  ]
}

interface TextStyle {
  readonly fill?: string
  readonly weight?: number
  readonly size?: number
  readonly anchor?: 'middle' | 'end'
}

function text(x: number, y: number, content: string, { fill, weight, size, anchor }: TextStyle = {}): string {
  const given = { fill, 'font-weight': weight, 'font-size': size, 'text-anchor': anchor }
  const attributes = Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${value}"`)
  return `<text x="${round(x)}" y="${round(y)}"${attributes.join('')}>${content}</text>`
}

function colourOf(startup: string): string {
  return COLOURS[startup] ?? INK
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10)
}

/** The picture of the flagship as it is now: 400 replications, seed 1. */
export async function currentPicture(workers?: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'rivalry-picture-'))
  try {
    const market = loadScenario('large-model-market')
    await simulate(market, {
      replications: 400,
      seed: 1,
      recording: 'months',
      folder: join(folder, 'run'),
      workers,
    })
    return picture(pathsOf(join(folder, 'run')))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [, , folder] = argv
  const drawn = folder === undefined ? await currentPicture() : picture(pathsOf(folder))
  writeFileSync(new URL('picture.svg', import.meta.url), drawn)
}
