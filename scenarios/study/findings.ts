/** Collects what is wrong with a study file, with its place, and hands everything back in order. */
import { RivalryError, RivalryErrors } from '../../engine/errors.ts'
import { type Path, type Problem, dotted, within } from '../../engine/market/problem.ts'
import type { LocatedProblem, Position, Tree } from '../tree.ts'

/** The mistakes of one study. */
export class Findings {
  readonly #file: string
  readonly #tree: Tree
  readonly #places: Path[] = []
  readonly #found = new Map<string, { error: RivalryError; line: number; column: number }>()

  constructor(file: string, tree: Tree) {
    this.#file = file
    this.#tree = tree
  }

  get count(): number {
    return this.#found.size
  }

  /** Adds a problem of the study file. */
  add(problem: Problem | LocatedProblem): void {
    const { code, message, hint, at, on } = problem
    const { line, column } = 'position' in problem ? problem.position : this.#locate(at, on)
    const key = dotted(at)
    const path = `${this.#file}:${line}:${column}${key === '' ? '' : ` ${key}`}`
    this.#places.push(at)
    this.#insert(new RivalryError(message, { code, path, hint }), line, column)
  }

  /** Adds an error that is not in the study file: in that of its scenario, or in an option. */
  addElsewhere(error: RivalryError): void {
    this.#insert(error, error.path?.startsWith('--') ? Number.MAX_VALUE : Number.MAX_SAFE_INTEGER, 0)
  }

  /** Whether something is wrong at a path, within it or around it, so that more about it would only follow from that. */
  has(at: Path): boolean {
    return this.#places.some((place) => within(place, at) || within(at, place))
  }

  /** Everything found, each mistake once, in the order of the file. */
  errors(): RivalryErrors {
    const inOrder = [...this.#found.values()].sort((a, b) =>
      a.line === b.line ? a.column - b.column : a.line - b.line,
    )
    return new RivalryErrors(inOrder.map(({ error }) => error))
  }

  /** Where a key or value stands; of a key that is missing in a thing of a list, where that begins. */
  #locate(at: Path, on: Problem['on']): Position {
    let length = at.length
    while (length > 0 && !this.#tree.has(at.slice(0, length))) length--
    const isOfList = length < at.length && typeof at[length - 1] === 'number'
    return isOfList ? this.#tree.locate(at.slice(0, length), 'value') : this.#tree.locate(at, on)
  }

  #insert(error: RivalryError, line: number, column: number): void {
    const key = JSON.stringify([error.code, error.path, error.message])
    if (!this.#found.has(key)) this.#found.set(key, { error, line, column })
  }
}
