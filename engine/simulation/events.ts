/**
 * The table of events of a batch: the kernel notes every month what may have happened, mostly nothing, and here the
 * few notes that say something become rows.
 */
import { assert } from '../errors.ts'
import {
  climateNoticeOf,
  entryNoticesOf,
  exitNoticeOf,
  notices,
  roundNoticeOf,
  shockNoticeOf,
} from '../market/model.ts'
import { EVENT_KINDS } from '../market/tables.ts'
import type { ColumnLocation } from '../tables/c-data.ts'
import type { ColumnDeclaration, ColumnType, ColumnValues } from '../tables/declaration.ts'
import { valueArray, valueBytes } from '../tables/declaration.ts'
import type { Structure } from './instance.ts'
import type { RunnableMarket } from './runnable.ts'

/** What one of a month's notices is about. */
export interface NoticeMeaning {
  readonly about: 'climate' | 'round' | 'exit' | 'entry' | 'shock'
  /** Position of the startup, -1 for the whole market. */
  readonly startup: number
  /** Position of the shock, -1 for anything else. */
  readonly shock: number
}

/** The columns of event rows, in the order of their declaration; the last only where the market has shocks. */
const COLUMNS = [
  { name: 'replication', type: 'i32', nullable: false },
  { name: 'month', type: 'i32', nullable: false },
  { name: 'kind', type: 'text', nullable: false },
  { name: 'startup', type: 'text', nullable: true },
  { name: 'amount', type: 'f64', nullable: true },
  { name: 'cause', type: 'text', nullable: true },
  { name: 'shock', type: 'text', nullable: true },
] as const satisfies readonly { name: string; type: ColumnType; nullable: boolean }[]

const KIND = Object.fromEntries(EVENT_KINDS.map((kind, index) => [kind, index])) as Record<
  (typeof EVENT_KINDS)[number],
  number
>

/** Bytes of memory that the columns of up to `maxRows` events take. */
export function eventColumnsBytes(maxRows: number): number {
  return placeColumns(0, maxRows).end
}

/**
 * The rows of events of one batch after the other, in columns that lie in a kernel's memory from byte `start` on
 * (aligned to 8 bytes).
 */
export class EventRows {
  /** Where the columns of the table of events lie, in the order of its declaration. */
  readonly columns: readonly ColumnLocation[]
  readonly #maxRows: number
  readonly #meanings: readonly NoticeMeaning[]
  readonly #months: number
  readonly #postingsPerAmount: number
  readonly #values: readonly ColumnValues[]
  readonly #marks: readonly Uint8Array[]
  #row = 0

  constructor(
    buffer: ArrayBufferLike,
    { market, events, notices: { meanings } }: RunnableMarket,
    { start, maxRows }: { start: number; maxRows: number },
  ) {
    assert(start % 8 === 0, 'columns are aligned', { start })
    const textOf = ({
      name,
      type,
      nullable,
    }: Pick<ColumnDeclaration, 'name' | 'type' | 'nullable'>): string =>
      `${name} ${type} ${nullable === true}`
    const declared = events.columns.map(textOf).join()
    assert(
      declared === COLUMNS.slice(0, events.columns.length).map(textOf).join(),
      'the columns of events are those that are filled in',
      declared,
    )
    this.columns = placeColumns(start, maxRows).columns.slice(0, events.columns.length)
    this.#maxRows = maxRows
    this.#meanings = meanings
    this.#months = market.months
    // The kernel notes postings of the ledger: cents, or currency where books are exact.
    this.#postingsPerAmount = market.books === 'cents' ? 100 : 1
    this.#values = this.columns.map(
      ({ offset }, index) => new (valueArray(COLUMNS[index]!.type))(buffer, offset, maxRows),
    )
    this.#marks = this.columns.flatMap(({ validity }) =>
      validity ? [new Uint8Array(buffer, validity.offset, maxRows)] : [],
    )
  }

  /** Rows so far. */
  get rowCount(): number {
    return this.#row
  }

  /** Forgets all rows, for another batch. */
  clear(): void {
    this.#row = 0
  }

  /** Adds rows of the notices of `count` replications from `first` on, `[replication][month][notice]`, in that order. */
  collect(
    { amounts: noted, causes: notedCauses }: { amounts: Float64Array; causes: Uint8Array },
    { first, count }: { first: number; count: number },
  ): void {
    const perMonth = this.#meanings.length
    const [replications, months, kinds, startups, amounts, causes, shocks] = this.#values as [
      ColumnValues,
      ColumnValues,
      ColumnValues,
      ColumnValues,
      ColumnValues,
      ColumnValues,
      ColumnValues,
    ]
    const length = count * this.#months * perMonth
    assert(noted.length >= length, 'there are notices of all replications', { notices: noted.length, count })
    const hasShocks = this.columns.length === COLUMNS.length
    const [ofStartups, ofMoney, ofCauses, ofShocks] = this.#marks as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ]
    let row = this.#row
    for (let index = 0; index < length; index++) {
      const posting = noted[index]!
      if (posting === 0) continue
      assert(row < this.#maxRows, 'events fit their columns', { row, maxRows: this.#maxRows })
      const monthIndex = Math.floor(index / perMonth)
      const { about, startup, shock } = this.#meanings[index % perMonth]!
      const isMoney = about === 'round' || about === 'exit'
      replications[row] = first + Math.floor(monthIndex / this.#months)
      months[row] = monthIndex % this.#months
      kinds[row] = about === 'climate' ? (posting > 0 ? KIND.boom : KIND.winter) : KIND[about]
      startups[row] = Math.max(startup, 0)
      amounts[row] = isMoney ? posting / this.#postingsPerAmount : 0
      causes[row] = notedCauses[index]!
      ofStartups[row] = startup >= 0 ? 1 : 0
      ofMoney[row] = isMoney ? 1 : 0
      ofCauses[row] = about === 'exit' ? 1 : 0
      if (hasShocks) {
        shocks[row] = Math.max(shock, 0)
        ofShocks[row] = shock >= 0 ? 1 : 0
      }
      row++
    }
    this.#row = row
  }
}

/** What each notice of a month is about, by its position. */
export function noticeMeanings(structure: Structure): NoticeMeaning[] {
  const meanings: NoticeMeaning[] = []
  const links = [
    ['climate', climateNoticeOf.relation],
    ['round', roundNoticeOf.relation],
    ['exit', exitNoticeOf.relation],
  ] as const
  for (const [about, relation] of links) {
    const positions = structure.relations.get(relation) as readonly number[]
    positions.forEach((notice, startup) => {
      meanings[notice] = { about, startup: about === 'climate' ? -1 : startup, shock: -1 }
    })
  }
  const entries = (structure.relations.get(entryNoticesOf.relation) ?? []) as readonly (readonly number[])[]
  entries.forEach((list, startup) => {
    for (const notice of list) meanings[notice] = { about: 'entry', startup, shock: -1 }
  })
  const beginnings = (structure.relations.get(shockNoticeOf.relation) ?? []) as readonly number[]
  beginnings.forEach((notice, shock) => {
    meanings[notice] = { about: 'shock', startup: -1, shock }
  })
  const expected = structure.counts.get(notices)
  assert(
    meanings.length === expected && Array.from(meanings).every((meaning) => meaning !== undefined),
    'every notice has a meaning',
    { meanings: meanings.length, expected },
  )
  return meanings
}

function placeColumns(start: number, maxRows: number): { columns: ColumnLocation[]; end: number } {
  let next = start
  const take = (bytes: number): number => {
    const offset = next
    next += align(bytes)
    return offset
  }
  const columns = COLUMNS.map(({ type, nullable }): ColumnLocation => {
    const offset = take(valueBytes[type] * maxRows)
    return nullable ? { offset, validity: { offset: take(maxRows), type: 'u8' } } : { offset }
  })
  return { columns, end: next }
}

/** Rounded up to 8 bytes; addresses reach 4 GiB, which bitwise operators would cut off. */
function align(bytes: number): number {
  return Math.ceil(bytes / 8) * 8
}
