/** From the text of a study file to a study, or to all of its mistakes at once. Reads only the file of its scenario. */
import type { BusinessModel } from '../../agents/business-models/index.ts'
import { RivalryError, RivalryErrors } from '../../engine/errors.ts'
import { type Path, type Problem, shown } from '../../engine/market/problem.ts'
import { pathsOf, type StudyDefinition } from '../../engine/study/definition.ts'
import { neededShape } from '../../engine/study/study-tables.ts'
import { problemsOf } from '../issues.ts'
import { withValue, withoutValue } from '../setting.ts'
import type { KnownStrategy } from '../strategies.ts'
import { refuseUnreadable } from '../text-file.ts'
import { type Tree, readTree } from '../tree.ts'
import { checkLuck, kindMeant, usualLuck } from './design-kinds.ts'
import { onePoint, readDesign } from './design.ts'
import { checkFigures, checkPoints } from './figures.ts'
import { Findings } from './findings.ts'
import { studyMarkets, writtenVariants } from './markets.ts'
import { studyMetrics, writtenNames } from './metrics.ts'
import { checkVariant, discoveriesOf, fixed, stoppingOf } from './questions.ts'
import { type StudyFile, mostReplications, studySchema } from './schema.ts'

const schemas = { list: studySchema('list'), map: studySchema('map') }

/** Mistakes of form after which nothing else said about the file would help. */
const unreadable = new Set(['yaml-syntax', 'too-many-aliases', 'too-deep'])

/** What a study is read with. */
export interface ParseStudyOptions {
  /** Name of the file in error messages; also names the study, and says where its scenario is looked for. */
  readonly file?: string
  /** Settings `path=value` of every variant, which override those of the file, in order. */
  readonly set?: readonly string[]
  /** Business models that `model:` may name, in place of the packaged ones. */
  readonly models?: readonly BusinessModel[] | undefined
  /** Decision rules that `strategy:` may name, beside the default one; without them any name will do. */
  readonly strategies?: readonly KnownStrategy[] | undefined
  /** In place of the file's. */
  readonly seed?: string | number | undefined
  /** A fixed number of replications of each point, in place of what the file says. */
  readonly replications?: number | undefined
}

/**
 * Turns the YAML text of a study into its definition.
 *
 * @throws RivalryErrors with everything wrong in the text, in the scenario that it names and in the options, each with
 * file, line, column and key, or with the option
 */
export function parseStudy(text: string, options: ParseStudyOptions = {}): StudyDefinition {
  const { file = 'study' } = options
  refuseUnreadable(text, { kind: 'study', file })
  const tree = readTree(text)
  const findings = new Findings(file, tree)
  for (const problem of tree.problems) findings.add({ ...problem, ...inStudy(problem) })
  if (tree.problems.some(({ code }) => unreadable.has(code))) throw findings.errors()
  if (!isMap(tree.value)) throw new RivalryErrors([notAMap(tree, file)])
  checkOptions(options, findings)
  const sound = soundFile(tree.value, findings)
  const study = studyOf({ file: sound, written: tree.value }, { ...options, file }, findings)
  if (findings.count > 0 || study === undefined) throw findings.errors()
  return study
}

/** What is left of a file after taking out what does not fit the schema, which is found. */
function soundFile(tree: Readonly<Record<string, unknown>>, findings: Findings): StudyFile {
  const schema = schemas[Array.isArray(tree['metrics']) ? 'list' : 'map']
  let sound: unknown = tree
  // What taking a mistake out uncovers was hidden by it; a study has fewer levels than passes.
  for (let pass = 0; pass < 8; pass++) {
    const result = schema.safeParse(sound, { reportInput: true })
    if (result.success) return result.data
    const found = problemsOf(schema, result.error.issues)
    for (const problem of found) {
      const isNew = pass === 0 || !findings.has(problem.at)
      if (isNew) findings.add({ ...problem, ...inStudy(problem), ...otherKind(problem, tree) })
    }
    sound = found.reduce(withoutMistake, sound)
  }
  throw findings.errors()
}

/** A copy of the data in which what is wrong is left out, with what cannot be without it. */
function withoutMistake(tree: unknown, { at }: Problem): unknown {
  if (at.length === 1 && at[0] === 'scenario') return withValue(tree, at, '')
  const place = at.map((part) => (typeof part === 'number' ? '#' : part)).join('/')
  // Things of lists keep their numbers: something stands in for what is wrong, and nothing more is said of it.
  if (/^replications\/until\/#$/.test(place)) return withValue(tree, at, { metric: '' })
  if (/^replications\/until\/#\/metric$/.test(place) || /^metrics\/#$/.test(place))
    return withValue(tree, at, '')
  const [list, rest] = splitAtList(at)
  if (rest.length > 0 && at[0] !== 'metrics' && at[1] !== 'parameters') {
    return withValue(tree, list, withoutValue(list.reduce(entryOf, tree), rest) ?? {})
  }
  const needed = ['design.1.kind', 'discovery.2.metric', 'metrics.2.of']
  const isNeeded = needed.includes(`${at[0]}.${at.length - 1}.${at.at(-1)}`)
  return withoutValue(tree, isNeeded ? at.slice(0, -1) : at) ?? {}
}

/** A path up to the first thing of a list, and what follows. */
function splitAtList(at: Path): [Path, Path] {
  const index = at.findIndex((part) => typeof part === 'number')
  return index < 0 ? [at, []] : [at.slice(0, index + 1), at.slice(index + 1)]
}

function entryOf(tree: unknown, key: string | number): unknown {
  return typeof tree === 'object' && tree !== null
    ? (tree as Record<string | number, unknown>)[key]
    : undefined
}

/** What the reader of scenarios says, said of a study. */
function inStudy({ code, at, message, hint }: Problem): Pick<Problem, 'message' | 'hint'> {
  const names = at[0] === 'metrics' ? 'letters, digits, . - and _' : 'letters, digits, spaces, . - and _'
  return {
    message: message
      .replace(/\bin the scenario(?=$|, first)/, 'in the study')
      .replace(/^'(.*)' cannot be an id$/, "'$1' cannot be a name"),
    hint:
      code === 'bad-id'
        ? `a name starts with a letter; ${names} follow`
        : // Numbers of any size have no bounds to tell.
          hint?.replace(/, from -\.inf to \.inf$/, ''),
  }
}

/** The hint for another usual name of a kind of design. */
function otherKind({ at }: Problem, tree: Readonly<Record<string, unknown>>): Pick<Problem, 'hint'> {
  if (at.join('/') !== 'design/kind') return {}
  const meant = kindMeant(at.reduce(entryOf, tree))
  return meant === undefined ? {} : { hint: `did you mean '${meant}'?` }
}

interface Reading extends ParseStudyOptions {
  readonly file: string
}

function studyOf(
  { file, written }: { readonly file: StudyFile; readonly written: Readonly<Record<string, unknown>> },
  options: Reading,
  findings: Findings,
): StudyDefinition | undefined {
  const { strategies, set = [], models } = options
  const read = readDesign(file.design, findings)
  const { design: readKind = onePoint.design, structures = onePoint.structures, lost = [] } = read ?? {}
  const paths = pathsOf(readKind)
  // Points of a list may leave a path to the variants.
  const decided = new Set(readKind.kind === 'list' ? [] : paths)
  const made = studyMarkets(
    file,
    { file: options.file, structures, decided, lost, set, models, strategies },
    findings,
  )
  const { variants, markets, areAll } = made
  const names = writtenVariants(file).map(([name]) => name)
  const isDoubtful = (path: Path): boolean => made.isDoubtful(path) || (!areAll && path[0] === 'startups')
  const areSeveral = names.length > 1
  const design =
    read && file.design && markets.length > 0
      ? checkFigures(read.design, file.design, { ...made, areSeveral, strategies, decided, findings })
      : read?.design
  const metrics =
    markets.length === 0
      ? undefined
      : studyMetrics(file.metrics, {
          markets: markets.map(({ market }) => market),
          needed: neededShape(paths),
          isDoubtful,
          findings,
        })
  const given = written['variants']
  const known = {
    metrics: writtenNames(written['metrics']) ?? metrics?.map(({ name }) => name),
    // One with mistakes is there, too.
    variants:
      isMap(given) && Object.keys(given).length > 0
        ? Object.keys(given)
        : findings.has(['variants'])
          ? undefined
          : names,
    baseline: names.length > 1 ? (file.baseline ?? names[0]) : undefined,
    findings,
  }
  checkVariant(file.baseline, ['baseline'], known)
  if (file.design !== undefined) checkLuck(file.luck, file.design.kind, findings)
  const stopping = stoppingOf(file.replications, known)
  const discovery = discoveriesOf(file.discovery, { ...known, kind: read?.design.kind })
  if (findings.count > 0 || !variants || !design || !metrics) return undefined
  const seed = String(options.seed ?? file.seed ?? '1')
  const combinations = structures.map(({ values }) => values)
  const luck = file.luck ?? usualLuck(design.kind)
  const replications = options.replications === undefined ? stopping : fixed(options.replications)
  checkPoints(
    { design, seed, structures: combinations, variants, replications, luck },
    { strategies, findings },
  )
  const name = nameOf(options.file)
  return {
    name,
    title: file.title ?? name,
    ...(file.description === undefined ? {} : { description: file.description }),
    seed,
    record: file.record ?? 'outcomes',
    variants,
    ...(known.baseline === undefined ? {} : { baseline: known.baseline }),
    structures: combinations,
    design,
    replications,
    luck,
    metrics,
    discovery,
    annualRate: file.annualRate ?? 0.1,
    resamples: file.resamples ?? 1000,
  }
}

function checkOptions({ replications }: ParseStudyOptions, findings: Findings): void {
  if (replications === undefined) return
  if (Number.isInteger(replications) && replications >= 1 && replications <= mostReplications) return
  const message = `replications is ${shown(replications)}, not a whole number from 1 to ${mostReplications}`
  findings.addElsewhere(new RivalryError(message, { code: 'invalid-option', path: '--replications' }))
}

function notAMap(tree: Tree, file: string): RivalryError {
  const { line, column } = tree.locate([], 'value')
  const path = `${file}:${line}:${column}`
  const hint = 'a study needs at least scenario:'
  return tree.value === null
    ? new RivalryError('the study is empty', { code: 'empty-study', path, hint })
    : new RivalryError(`the study is ${shown(tree.value)}, not a map`, { code: 'wrong-type', path, hint })
}

/** The base name of a file without its extension. */
function nameOf(file: string): string {
  const base = file.split(/[\\/]/).at(-1) ?? file
  return base.replace(/\.ya?ml$/i, '') || 'study'
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
