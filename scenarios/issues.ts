/** Turns what the schema found into problems that say what was given, what is allowed and what was meant. */
import { z } from 'zod'
import { type SegmentField, planTable, segmentTable, startupTable } from '../engine/market/definition.ts'
import { type Declaration, parameterTable } from '../engine/market/parameters.ts'
import { noSegment, noStartup } from '../engine/market/check.ts'
import { type Path, type Problem, dotted, labelOf, shown } from '../engine/market/problem.ts'
import { didYouMean } from '../engine/suggest.ts'

type Issue = z.core.$ZodIssue
type Schema = z.core.$ZodType

const kinds: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'text',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
  tuple: 'a list',
}

/** One problem, or several, for each issue of `schema`, in the order found. */
export function problemsOf(schema: Schema, issues: readonly Issue[], above: Path = []): Problem[] {
  return issues.flatMap((issue) => problemsOfIssue(schema, issue, [...above, ...(issue.path as Path)]))
}

function problemsOfIssue(schema: Schema, issue: Issue, at: Path): Problem[] {
  const field = schemaAt(schema, at)
  const label = at.length === 0 ? 'the scenario' : labelOf(at)
  const given = shown(issue.input)
  const about = descriptionOf(field)
  const problem = (code: string, message: string, hint: string | undefined = about): Problem[] => [
    { code, at, on: 'value', message, hint },
  ]

  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(schema, at, key))
    case 'invalid_type': {
      if (at.length === 1 && at[0] === 'segments' && issue.input == null) return [noSegment(at)]
      if (at.length === 1 && at[0] === 'startups' && issue.input == null) return [noStartup(at)]
      if (issue.input === undefined) return [{ ...missing(at, about), on: 'key' }]
      if (typeof issue.input === 'number' && !Number.isFinite(issue.input)) {
        return problem('not-finite', `${label} is ${given}, not a finite number`)
      }
      if (issue.expected === 'int') return problem('not-whole', `${label} is ${given}, not a whole number`)
      const wanted = kindOf(issue.expected)
      const number = wanted === 'a number' || wanted === 'a whole number'
      return problem(
        'wrong-type',
        `${label} is ${given}, not ${wanted}`,
        (number && numberHint(issue.input)) || about,
      )
    }
    case 'too_small':
    case 'too_big': {
      const least = issue.code === 'too_small'
      const bound = Number(least ? issue.minimum : issue.maximum)
      if (issue.origin === 'array') {
        const length = Array.isArray(issue.input) ? issue.input.length : 0
        return problem('wrong-length', `${label} has ${length} values, not ${bound}`)
      }
      if (issue.origin === 'string') {
        return problem('wrong-length', `${label} has ${least ? 'fewer' : 'more'} than ${bound} letters`)
      }
      const relation = least ? 'below the least allowed' : 'above the highest allowed'
      return problem('out-of-bounds', `${label} is ${given}, ${relation}, ${shown(bound)}`)
    }
    case 'invalid_value': {
      const options = issue.values.map(String)
      const code = at.at(-1) === 'model' ? 'unknown-model' : 'unknown-option'
      if (issue.input === undefined) return [{ ...missing(at, `one of ${options.join(', ')}`), on: 'key' }]
      const hint = typeof issue.input === 'string' ? didYouMean(issue.input, options) : about
      return problem(code, `${label} is ${given}, not one of ${options.join(', ')}`, hint)
    }
    case 'invalid_key': {
      const key = String(at.at(-1))
      const hint = 'an id starts with a letter; letters, digits, - and _ follow, 64 at most'
      return [{ code: 'bad-id', at, on: 'key', message: `'${key}' cannot be an id`, hint }]
    }
    case 'invalid_format':
      return problem('wrong-format', `${label} is ${given}, which has the wrong form`)
    case 'invalid_union': {
      // An alternative that accepts the kind of value, but not this one, is the one that was meant.
      const meant = issue.errors.find((branch) => branch.some((inner) => !isOfWrongKind(inner)))
      if (meant) return problemsOf(schema, meant, at)
      if (typeof issue.input === 'number' && !Number.isFinite(issue.input)) {
        return problem('not-finite', `${label} is ${given}, not a finite number`)
      }
      const wanted = issue.errors
        .flat()
        .map((inner) => ('expected' in inner ? kindOf(inner.expected) : 'false'))
      return problem('wrong-type', `${label} is ${given}, not ${wanted.join(', or ')}`)
    }
    default:
      return problem('invalid', `${label} is ${given}: ${issue.message.toLowerCase()}`)
  }
}

/** The keys that a map at `at` may have; empty where any id may stand there. */
export function allowedKeys(schema: Schema, at: Path): readonly string[] {
  const found = schemaAt(schema, at)
  const here = found && unwrapped(found)
  return here instanceof z.ZodObject ? Object.keys(here.shape as object) : []
}

function kindOf(expected: string): string {
  return kinds[expected] ?? expected
}

function isOfWrongKind(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value')
}

function unknownKey(schema: Schema, at: Path, key: string): Problem {
  const where = at.length === 0 ? 'the scenario' : dotted(at)
  const allowed = allowedKeys(schema, at)
  const meant = symbols.get(key)?.find((name) => allowed.includes(name))
  const hint = meant ? `did you mean '${meant}'?` : didYouMean(key, allowed)
  return {
    code: 'unknown-key',
    at: [...at, key],
    on: 'key',
    message: `unknown key '${key}' in ${where}`,
    hint,
  }
}

function missing(at: Path, about: string | undefined): Omit<Problem, 'on'> {
  const owner = at.length === 1 ? 'the scenario' : dotted(at.slice(0, -1))
  return { code: 'missing-key', at, message: `${at.at(-1)} is missing in ${owner}`, hint: about }
}

function numberHint(given: unknown): string | undefined {
  if (typeof given !== 'string') return undefined
  const plain = given.replaceAll(/[,' ]/g, '')
  if (/\d/.test(given) && Number.isFinite(Number(plain)))
    return `write ${plain}, or with underscores between digits`
  if (/^[\d.]+\s*%$/.test(given)) return `write shares as numbers: ${Number.parseFloat(given) / 100}`
  return undefined
}

/** What stands at a path according to the schema; undefined where nothing may. */
function schemaAt(schema: Schema, at: Path): Schema | undefined {
  let here: Schema | undefined = schema
  for (const part of at) {
    here = unwrapped(here)
    if (here instanceof z.ZodObject) here = (here.shape as Record<string, Schema>)[part]
    else if (here instanceof z.ZodRecord) here = here.valueType as Schema
    else if (here instanceof z.ZodTuple) here = (here.def.items as Schema[])[Number(part)]
    else if (here instanceof z.ZodArray) here = here.element as Schema
    else return undefined
    if (here === undefined) return undefined
  }
  return here
}

function unwrapped(schema: Schema): Schema {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return unwrapped(schema.unwrap() as Schema)
  // Of alternatives, the map is the one that has keys to talk about.
  if (schema instanceof z.ZodUnion) {
    const options = (schema.options as Schema[]).map(unwrapped)
    return options.find((option) => option instanceof z.ZodObject) ?? schema
  }
  return schema
}

/** What the schema says of a value: its description, and its bounds where it is a number. */
function descriptionOf(schema: Schema | undefined): string | undefined {
  if (!(schema instanceof z.ZodType)) return undefined
  const { description } = schema
  const inner = unwrapped(schema)
  if (description === undefined) return inner === schema ? undefined : descriptionOf(withinOptional(schema))
  if (!(inner instanceof z.ZodNumber)) return description
  return `${description.replace(/\.$/, '')}, from ${shown(inner.minValue)} to ${shown(inner.maxValue)}`
}

function withinOptional(schema: Schema): Schema | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return schema.unwrap() as Schema
  return undefined
}

/** The long names of each letter of the equations. */
const symbols = new Map<string, string[]>()
for (const table of [parameterTable, segmentTable, startupTable, planTable]) {
  for (const [name, row] of Object.entries(table) as [SegmentField, Declaration<unknown>][]) {
    if (row.symbol !== undefined) symbols.set(row.symbol, [...(symbols.get(row.symbol) ?? []), name])
  }
}
