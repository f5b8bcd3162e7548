/**
 * Money. Decisions and prices are real numbers of currency; ledger postings are whole cents, rounded once each,
 * or, for limit cases, unrounded currency (`books: exact`).
 */
import { num, type Num, type NumLike } from '../trace/index.ts'
import type { Books } from './definition.ts'

/** How amounts of currency become postings and back. */
export interface Ledger {
  /** An amount of currency as a posting. */
  post(amount: NumLike): Num
  /** A posting, or a sum of postings, as currency. */
  amount(posting: Num): Num
  /** A posting divided over months: what is earned each month, whole cents, the remainder left over. */
  share(posting: Num, months: NumLike): Num
}

const CENTS = 100

/** The ledger of a market: in whole cents or unrounded. */
export function ledger(books: Books): Ledger {
  if (books === 'exact')
    return { post: num, amount: (posting) => posting, share: (posting, months) => posting.over(months) }
  return {
    post: (amount) => num(amount).times(CENTS).plus(0.5).floor(),
    amount: (posting) => posting.over(CENTS),
    share: (posting, months) => posting.over(months).floor(),
  }
}
