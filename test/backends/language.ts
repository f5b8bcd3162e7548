/**
 * The trace language as an interface, so that a random program is written once and run in two ways: traced and
 * compiled (`traced.ts`), or carried out at once, one replication at a time (`direct.ts`).
 */

/** A number. */
export interface N {
  plus(other: N | number): N
  minus(other: N | number): N
  times(other: N | number): N
  over(other: N | number): N
  negated(): N
  absolute(): N
  squareRoot(): N
  floor(): N
  isBelow(other: N | number): B
  isAtMost(other: N | number): B
  isAbove(other: N | number): B
  isAtLeast(other: N | number): B
  equals(other: N | number): B
}

/** A condition. */
export interface B {
  and(other: B | boolean): B
  or(other: B | boolean): B
  not(): B
  toNum(): N
}

/** A whole number of 32 bits. */
export interface W {
  plus(other: W | number): W
  minus(other: W | number): W
  times(other: W | number): W
  and(other: W | number): W
  or(other: W | number): W
  xor(other: W | number): W
  shiftedLeft(bits: number): W
  shiftedRight(bits: number): W
  rotatedLeft(bits: number): W
  modulo(other: W | number): W
  equals(other: W | number): B
  isBelow(other: W | number): B
  toNum(): N
}

export type Any = N | B | W

export interface VectorColumn<T> {
  at(index: W | number): T
  set(index: W | number, value: T): T
}

/** A record: the columns of `columns.ts` as properties. */
export interface E {
  readonly a: N
  readonly b: N
  readonly on: B
  readonly v: VectorColumn<N>
  readonly term: W
  readonly code: W
  readonly codes: VectorColumn<W>
  x: N
  y: N
  live: B
  readonly h: VectorColumn<N>
  u: N
  w: N
  hot: B
  readonly g: VectorColumn<N>
}

/** Records to loop over; what it is depends on the language. */
export type Records = { readonly records: 'of one dimension' }

export interface Language {
  num(value: number): N
  bool(value: boolean): B
  whole(value: number): W
  where(condition: B, yes: N, no: N): N
  whereBool(condition: B, yes: B, no: B): B
  whereWhole(condition: B, yes: W, no: W): W
  min(a: N, b: N | number): N
  max(a: N, b: N | number): N
  clamp(value: N, bounds: { low: N | number; high: N | number }): N
  powerOfTwo(k: N): N
  exponent(x: N): N
  significand(x: N): N
  exp(x: N): N
  log(x: N): N
  /** A standard normal draw of the month. */
  normal(stream: string, entity: W): N
  month(): W
  replication(): W
  key(word: 0 | 1 | 2 | 3): W

  world(): E
  all(dimension: DimensionName): Records
  count(dimension: DimensionName): W
  indexOf(record: E): W
  pairsOf(group: E): Records
  cellsOf(firm: E): Records
  rivals(group: E): Records
  cellAt(firm: E, index: W): E
  /** What code outside the kernel has put there for a firm. */
  input(firm: E, column: 'p' | 'q'): N
  firmOf(pair: E): E
  groupOf(pair: E): E
  friendOf(firm: E): E

  each(records: Records, visit: (record: E) => void, backwards: boolean): void
  sum(records: Records, term: (record: E) => N): N
  sums(records: Records, terms: (record: E) => Record<string, N>): Record<string, N>
  maximum(records: Records, least: number, term: (record: E) => N): N
  minimum(records: Records, most: number, term: (record: E) => N): N
  fold(
    records: Records,
    initial: Record<string, N | B>,
    step: (state: Record<string, N | B>, record: E) => Record<string, N | B>,
    backwards: boolean,
  ): Record<string, N | B>
  when(condition: B, work: () => void): void
  choose(condition: B, yes: () => Record<string, Any>, no: () => Record<string, Any>): Record<string, Any>
  repeat(
    active: B,
    initial: Record<string, Any>,
    body: (state: Record<string, Any>) => { again: B; next: Record<string, Any> },
  ): Record<string, Any>
  call(routine: RoutineSource, args: readonly Any[]): readonly Any[]
  recordRow(table: string, record: E, values: Record<string, N | B>): void
}

export type KindName = 'num' | 'bool' | 'whole'

/** A routine of a random program. */
export interface RoutineSource {
  readonly name: string
  readonly parameters: readonly KindName[]
  readonly inline: boolean
  readonly body: (language: Language, args: readonly Any[]) => readonly Any[]
}

export const dimensionNames = ['world', 'firms', 'groups', 'pairs', 'cells'] as const
export type DimensionName = (typeof dimensionNames)[number]

/** The columns that every dimension of a random program has; `length` makes a vector. */
export const columnTable = {
  a: { role: 'parameter', kind: 'num' },
  b: { role: 'parameter', kind: 'num' },
  on: { role: 'parameter', kind: 'bool' },
  v: { role: 'parameter', kind: 'num', length: 3 },
  term: { role: 'structure', kind: 'whole' },
  code: { role: 'structure', kind: 'whole' },
  codes: { role: 'structure', kind: 'whole', length: 2 },
  x: { role: 'state', kind: 'num' },
  y: { role: 'state', kind: 'num' },
  live: { role: 'state', kind: 'bool' },
  h: { role: 'state', kind: 'num', length: 3 },
  u: { role: 'flow', kind: 'num' },
  w: { role: 'flow', kind: 'num' },
  hot: { role: 'flow', kind: 'bool' },
  g: { role: 'flow', kind: 'num', length: 2 },
} as const
export type ColumnName = keyof typeof columnTable
export interface ColumnShape {
  readonly role: 'parameter' | 'structure' | 'state' | 'flow'
  readonly kind: KindName
  readonly length?: number
}
export const columns = Object.entries(columnTable) as [ColumnName, ColumnShape][]

export interface TableSource {
  readonly name: string
  readonly dimension: DimensionName
  readonly everyMonth: boolean
  readonly byRecord?: boolean
  readonly columns: readonly { readonly name: string; readonly type: 'f64' | 'i32' | 'u8' }[]
}

/** A random program: what its steps do, in any language, and its text for people. */
export interface ProgramSource {
  readonly start: readonly ((language: Language) => void)[]
  readonly month: readonly ((language: Language) => void)[]
  readonly finish: readonly ((language: Language) => void)[]
  readonly tables: readonly TableSource[]
  readonly text: string
}

/** The table that code outside the kernel fills in, and what it fills in. */
export const inputs: TableSource = {
  name: 'inputs',
  dimension: 'firms',
  everyMonth: false,
  byRecord: true,
  columns: [
    { name: 'p', type: 'f64' },
    { name: 'q', type: 'f64' },
  ],
}
export function inputFor({
  replication,
  record,
  column,
}: {
  replication: number
  record: number
  column: string
}): number {
  const mixed = Math.imul(replication * 7 + record * 3 + (column === 'p' ? 1 : 0), 0x9e3779b1) >>> 0
  return [0, 1, -1, 0.25, 40, -3, 1e4, 1e-5][mixed >>> 29] as number
}

/** How many records there are, how they hang together, and what they are given. */
export interface Scenario {
  readonly counts: Readonly<Record<DimensionName, number>>
  readonly pairsOf: readonly number[]
  readonly firmOf: readonly number[]
  readonly groupOf: readonly number[]
  readonly cellsOf: readonly number[]
  readonly friendOf: readonly number[]
  readonly rivals: readonly (readonly number[])[]
  /** Structure columns and parameters: `[record * length + component]`. */
  readonly values: Readonly<Record<DimensionName, Readonly<Partial<Record<ColumnName, readonly number[]>>>>>
}
