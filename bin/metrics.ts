/** `rivalry metrics`: standard metrics of a run that recorded months. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Option, type Command } from 'commander'
import { RivalryError, RivalryErrors } from '../engine/errors.ts'
import { MetricCollector, type MetricTableRows } from '../engine/metrics/collect.ts'
import { recordsOf, type MetricTable } from '../engine/metrics/records.ts'
import { summariseMetrics } from '../engine/metrics/summary.ts'
import { canonicalJson } from '../engine/files/canonical-json.ts'
import { fileError, reason } from '../engine/files/file-error.ts'
import { openArrowFile, writeWholeFile } from '../engine/files/output-file.ts'
import { makeFolders } from '../engine/files/folders.ts'
import {
  MANIFEST_NAME,
  isOfStudy,
  manifestOf,
  resultFormats,
  type ResultFormat,
} from '../engine/files/manifest.ts'
import { suggest } from '../engine/suggest.ts'
import { CanonicalWriter, type ByteSink } from '../engine/tables/canonical.ts'
import { csvLine, writeCsv, writeParquet } from '../engine/tables/convert.ts'
import { arrowSource, columnBatches, declarationOf, type ArrowSource } from '../engine/tables/read.ts'
import { count } from './count.ts'
import { metricsText } from './metrics-text.ts'

/** The options as commander hands them over: text, not yet checked. */
interface MetricFlags {
  readonly rate: string
  readonly startup?: string
  readonly out?: string
  readonly format: string
  readonly json?: true
  readonly quiet?: true
}

/** Adds the command. */
export function addMetrics(program: Command): void {
  program
    .command('metrics')
    .summary('standard metrics of a run: MRR, CAC, LTV, churn, burn, HHI and more')
    .description(
      'Computes standard metrics for every startup and replication of a run that recorded months, prints what they come ' +
        'to over replications, and writes all of them beside the run. docs/metrics.md says what each one means.',
    )
    .argument('<folder>', 'folder of a run made with --record months')
    .option('--rate <number>', 'rate a year at which later money is discounted', '0.1')
    .option('--startup <id>', 'print this startup only')
    .option('-o, --out <folder>', 'folder for the tables of metrics (default: that of the run)')
    .addOption(
      new Option('--format <name>', `format of the tables (${resultFormats.join(', ')})`).default('arrow'),
    )
    .option('--json', 'print the summary as JSON')
    .option('-q, --quiet', 'print nothing but errors, and JSON where it is asked for')
    .addHelpText(
      'after',
      `
Examples:
  rivalry run three-ways --record months --out out/three-ways
  rivalry metrics out/three-ways
  rivalry metrics out/three-ways --startup freemium --rate 0.15
  rivalry metrics out/three-ways --json --quiet > metrics.json`,
    )
    .action(metrics)
}

async function metrics(folder: string, flags: MetricFlags): Promise<void> {
  const { annualRate, format } = choicesOf(flags)
  checkRun(folder)
  const { collector, currency } = await collect(folder, annualRate)
  const startups = flags.startup === undefined ? collector.startups : [flags.startup]
  if (!startups.every((id) => collector.startups.includes(id))) throw unknownStartup(startups[0]!, collector)
  const summary = summariseMetrics(collector, { currency, annualRate, startups })
  const out = flags.out ?? folder
  await write(collector.tables(currency), out, format)
  if (flags.json) process.stdout.write(canonicalJson(summary))
  else if (!flags.quiet) process.stdout.write(metricsText(summary))
  if (flags.quiet) return
  process.stderr.write(`metrics of ${count(summary.replications, 'replication')} in ${out}\n`)
}

/** @throws RivalryErrors (`invalid-option`) that name every flag with an impossible value. */
function choicesOf({ rate, format, out }: MetricFlags): { annualRate: number; format: ResultFormat } {
  const errors: RivalryError[] = []
  const invalid = (flag: string, what: string): void => {
    errors.push(new RivalryError(`${flag} ${what}`, { code: 'invalid-option', path: `--${flag}` }))
  }
  const annualRate = /^-?(?:\d+\.?\d*|\.\d+)$/.test(rate) ? Number(rate) : NaN
  if (!(annualRate > -1 && annualRate <= 10))
    invalid('rate', `is '${rate}', not a number above -1 and up to 10; 0.1 is ten percent a year`)
  const found = resultFormats.find((name) => name === format)
  if (found === undefined) invalid('format', `is '${format}', not one of ${resultFormats.join(', ')}`)
  if (out === '') invalid('out', 'names no folder')
  if (errors.length > 0) throw new RivalryErrors(errors)
  return { annualRate, format: found! }
}

/** @throws RivalryError when the folder holds no run, or one without months or in another format. */
function checkRun(folder: string): void {
  const path = join(folder, MANIFEST_NAME)
  const manifest = existsSync(path) ? manifestOf(readText(path)) : undefined
  if (manifest === undefined || isOfStudy(manifest)) {
    throw new RivalryError(
      `the folder ${folder} holds no finished run${manifest === undefined ? '' : ', but a study'}`,
      {
        code: 'no-run',
        path,
        hint:
          manifest === undefined
            ? 'give the folder that was named to `rivalry run` with --out'
            : 'a study measures its metrics by itself: name them in its file, as metrics.ID.NAME',
      },
    )
  }
  if (manifest.recording !== 'months') {
    throw new RivalryError(`the run in ${folder} recorded ${manifest.recording}, and metrics need months`, {
      code: 'no-months',
      path,
      hint: 'run it again with --record months',
    })
  }
  if (manifest.format !== 'arrow') {
    throw new RivalryError(
      `the tables in ${folder} are ${manifest.format}, and metrics are computed from arrow`,
      {
        code: 'not-arrow',
        path,
        hint: 'run it again with --format arrow; --format of this command is that of the metrics',
      },
    )
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new RivalryError(`cannot read ${path}: ${reason(cause)}`, {
      code: 'input-not-readable',
      path,
      cause,
    })
  }
}

async function collect(
  folder: string,
  annualRate: number,
): Promise<{ collector: MetricCollector; currency: string }> {
  const opened: Awaited<ReturnType<typeof openArrowFile>>[] = []
  const open = async (table: MetricTable): Promise<ArrowSource> => {
    const source = await openArrowFile(join(folder, `${table}.arrow`))
    opened.push(source)
    return source
  }
  try {
    const startups = await open('startups')
    const sources = {
      startups: columnBatches(startups),
      months: columnBatches(await open('months')),
      plans: columnBatches(await open('plans')),
      segments: columnBatches(await open('segments')),
    }
    const collector = new MetricCollector({ annualRate })
    for await (const record of recordsOf(sources)) collector.add(record)
    // The unit of money in a run is its currency.
    const cash = declarationOf(startups.schema).columns.find(({ name }) => name === 'cash')
    return { collector, currency: cash?.unit ?? 'currency' }
  } finally {
    for (const { close } of opened) await close()
  }
}

function unknownStartup(id: string, { startups }: MetricCollector): RivalryError {
  const meant = suggest(id, startups)
  return new RivalryError(`startup is '${id}', which the run does not have`, {
    code: 'unknown-startup',
    path: '--startup',
    hint: meant === undefined ? `it has ${startups.join(', ')}` : `did you mean '${meant}'?`,
  })
}

/** Writes the tables; those of an earlier call are replaced, and no other file is. */
async function write(
  tables: readonly MetricTableRows[],
  folder: string,
  format: ResultFormat,
): Promise<void> {
  const files: { path: string; bytes: Uint8Array }[] = []
  for (const table of tables) {
    const path = join(folder, `${table.declaration.name}.${format}`)
    if (existsSync(path) && !isOfMetrics(readOld(path), table, format)) {
      throw new RivalryError(
        `the folder ${folder} holds a file ${table.declaration.name}.${format} that is of no metrics`,
        {
          code: 'output-exists',
          path,
          hint: 'name another folder with --out, or move this file elsewhere: nothing but metrics is overwritten',
        },
      )
    }
    files.push({ path, bytes: await encoded(table, format) })
  }
  makeFolders(folder)
  for (const { path, bytes } of files) writeWholeFile(path, bytes)
}

function readOld(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw fileError(cause, path)
  }
}

/** Whether a file holds this table: what a table means stands in it as it is, except in CSV, which has a header. */
function isOfMetrics(bytes: Buffer, { declaration }: MetricTableRows, format: ResultFormat): boolean {
  if (format !== 'csv') return bytes.includes(declaration.meaning)
  return bytes.toString('utf8').startsWith(csvLine(declaration.columns.map(({ name }) => name)))
}

async function encoded({ declaration, batch }: MetricTableRows, format: ResultFormat): Promise<Uint8Array> {
  const arrow = await gathered(async (sink) => {
    const writer = new CanonicalWriter(declaration, sink)
    await writer.append(batch)
    await writer.close()
  })
  if (format === 'arrow') return arrow
  return gathered((sink) => (format === 'csv' ? writeCsv : writeParquet)(arrowSource(arrow), sink))
}

/** The bytes that go to a sink. */
async function gathered(write: (sink: ByteSink) => Promise<void>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  await write((bytes) => void pieces.push(bytes.slice()))
  return Buffer.concat(pieces)
}
