/**
 * Reads YAML text into plain data and remembers where everything stood. It expands aliases and merge keys
 * itself, with limits, so that a hostile file costs no more than a long one.
 */
import {
  type Document,
  LineCounter,
  type Node,
  type Pair,
  type Scalar,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
} from 'yaml'
import { type Path, type Problem, dotted } from '../engine/market/problem.ts'

/** A place in a file, both counted from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Plain data read from YAML, the mistakes in its form, and where each value stands. */
export interface Tree {
  /** Undefined where the text cannot be read at all. */
  readonly value: unknown
  readonly problems: readonly LocatedProblem[]
  /** Where the key or value at a path stands; that of its nearest written ancestor where it is not written. */
  locate(at: Path, on: 'key' | 'value'): Position
  /** Whether something is written at a path. */
  has(at: Path): boolean
}

/** A problem of the text itself, which knows its own position. */
export interface LocatedProblem extends Problem {
  readonly position: Position
}

/** Deepest nesting that a scenario may have; a valid one has six levels. */
const deepest = 20
/** Most values that aliases may add up to. */
const mostFromAliases = 10_000

/** Numbers with underscores between digits, as in 5_000_000, which YAML 1.2 would read as strings. */
const groupedNumber = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: /^[-+]?\d+(_\d+)+(\.\d+)?(e[-+]?\d+)?$/i,
  resolve: (text: string) => Number(text.replaceAll('_', '')),
} as const

/**
 * Reads one YAML document. Never throws on any text: what is wrong is in `problems`.
 */
export function readTree(text: string): Tree {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    customTags: (tags) => [groupedNumber, ...tags],
  })
  const walk = new Walk(lines)
  const failure = document.errors[0] ?? document.warnings[0]
  if (failure) {
    // Later errors of syntax mostly follow from the first.
    walk.report('yaml-syntax', [], failure.pos[0], sentence(failure.message, failure.code))
    return { value: undefined, problems: walk.problems, locate: walk.locate, has: walk.has }
  }
  return { value: walk.read(document), problems: walk.problems, locate: walk.locate, has: walk.has }
}

class Walk {
  readonly problems: LocatedProblem[] = []
  private readonly lines: LineCounter
  private readonly places = new Map<string, { key: number; value: number }>()
  private readonly anchors = new Map<string, Node>()
  private inAlias = 0
  private alias: { readonly path: Path; readonly offset: number } | undefined
  private fromAliases = 0

  constructor(lines: LineCounter) {
    this.lines = lines
  }

  read(document: Document.Parsed): unknown {
    return this.node(document.contents, [], document.contents?.range?.[0] ?? 0)
  }

  report(code: string, at: Path, offset: number, message: string, hint?: string): void {
    this.problems.push({ code, at, on: 'key', message, hint, position: this.position(offset) })
  }

  readonly locate = (at: Path, on: 'key' | 'value'): Position => {
    for (let length = at.length; length >= 0; length--) {
      const place = this.places.get(keyOf(at.slice(0, length)))
      if (place) return this.position(length < at.length || on === 'key' ? place.key : place.value)
    }
    return { line: 1, column: 1 }
  }

  readonly has = (at: Path): boolean => this.places.has(keyOf(at))

  private position(offset: number): Position {
    const { line, col } = this.lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }

  private node(node: Node | null, path: Path, keyOffset: number): unknown {
    const offset = node?.range?.[0] ?? keyOffset
    this.places.set(keyOf(path), { key: keyOffset, value: offset })
    if (path.length > deepest) {
      this.report('too-deep', path, offset, `nested more than ${deepest} levels deep`)
      return undefined
    }
    if (this.inAlias > 0 && ++this.fromAliases > mostFromAliases) {
      if (this.fromAliases === mostFromAliases + 1) {
        const message = `aliases expand to more than ${mostFromAliases} values`
        const outermost = this.alias ?? { path, offset }
        this.report('too-many-aliases', outermost.path, outermost.offset, message, 'write the values out')
      }
      return undefined
    }
    const value = this.content(node, path, offset)
    if (node && !isAlias(node) && node.anchor !== undefined) this.anchors.set(node.anchor, node)
    return value
  }

  private content(node: Node | null, path: Path, offset: number): unknown {
    if (isAlias(node)) {
      const target = this.anchors.get(node.source)
      if (!target) {
        const message = `alias *${node.source} names nothing written before it`
        this.report('yaml-syntax', path, offset, message)
        return undefined
      }
      if (this.inAlias === 0) this.alias = { path, offset }
      this.inAlias++
      const value = this.node(target, path, offset)
      this.inAlias--
      return value
    }
    if (isScalar(node)) return node.value
    if (isSeq(node)) return node.items.map((item, i) => this.node(item as Node | null, [...path, i], offset))
    if (isMap(node)) return this.map(node.items as Pair<Node, Node | null>[], path)
    return null
  }

  private map(items: readonly Pair<Node, Node | null>[], path: Path): Record<string, unknown> {
    const value: Record<string, unknown> = {}
    const written = new Map<string, number>()
    const merged: { node: Node | null; offset: number }[] = []
    for (const pair of items) {
      const keyOffset = pair.key?.range?.[0] ?? 0
      if (!isScalar(pair.key)) {
        this.report('bad-key', path, keyOffset, 'a key must be a plain word')
        continue
      }
      const key = String((pair.key as Scalar).value)
      if (key === '<<') {
        merged.push({ node: pair.value, offset: keyOffset })
        continue
      }
      const at = [...path, key]
      const first = written.get(key)
      if (first !== undefined) {
        const where = path.length === 0 ? 'the scenario' : dotted(path)
        const message = `key '${key}' stands twice in ${where}, first in line ${this.position(first).line}`
        this.report('duplicate-key', at, keyOffset, message, 'keep one of them')
        continue
      }
      written.set(key, keyOffset)
      if (key === '__proto__') {
        this.report('bad-id', at, keyOffset, "'__proto__' cannot be a key")
        continue
      }
      value[key] = this.node(pair.value, at, keyOffset)
    }
    for (const { node, offset } of merged) this.merge(value, node, path, offset)
    return value
  }

  /** YAML 1.1's `<<`: adds the entries of a map, or of a list of maps, that are not written already. */
  private merge(into: Record<string, unknown>, node: Node | null, path: Path, offset: number): void {
    const target = isAlias(node) ? this.anchors.get(node.source) : node
    if (isSeq(target)) {
      for (const item of target.items) this.merge(into, item as Node, path, offset)
      return
    }
    if (!isMap(target)) {
      this.report('yaml-syntax', path, offset, 'only a map, or a list of maps, can be merged with <<')
      return
    }
    if (this.inAlias === 0) this.alias = { path, offset }
    this.inAlias++
    for (const pair of target.items as Pair<Node, Node | null>[]) {
      const key = isPair(pair) && isScalar(pair.key) ? String((pair.key as Scalar).value) : '__proto__'
      if (key === '<<') this.merge(into, pair.value, path, offset)
      else if (key !== '__proto__' && !Object.hasOwn(into, key)) {
        into[key] = this.node(pair.value, [...path, key], offset)
      }
    }
    this.inAlias--
  }
}

function keyOf(path: Path): string {
  return path.join('\0')
}

function sentence(message: string, code: string): string {
  if (code === 'RESOURCE_EXHAUSTION') return 'nested too deeply to be read'
  if (code === 'MULTIPLE_DOCS') return 'the file holds more than one document'
  return message.charAt(0).toLowerCase() + message.slice(1)
}
