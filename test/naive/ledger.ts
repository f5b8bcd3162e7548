/** Owns the double entry of the naive books: the accounts, the rounding of a posting, the trial balance. */
import type { Books } from '../../engine/market/definition.ts'

/** The costs of serving customers. */
export const directAccounts = [
  'compute',
  'idle',
  'support',
  'labour',
  'receiptFees',
  'thirdParties',
  'privacy',
] as const

/** The costs of being there. */
export const operatingAccounts = [
  'rd',
  'marketing',
  'fixed',
  'segmentCost',
  'overhead',
  'compliance',
] as const

const accountNames = [
  'cash',
  'receivable',
  'deferred',
  'equity',
  'subscriptions',
  'usageRevenue',
  'ads',
  'take',
  ...directAccounts,
  ...operatingAccounts,
  'tax',
  'writtenOffCash',
  'writtenOffReceivable',
  'writtenOffDeferred',
] as const

/** An account of a startup. Debits count up and credits down, so that all balances of a startup sum to zero. */
export type Account = (typeof accountNames)[number]

/** Balances since before month 0, in booked units. */
export type Ledger = Record<Account, number>

/** Turns an amount of currency into booked units. */
export interface Posting {
  (amount: number): number
  /** Booked units per currency unit: 100 where the books are whole cents, 1 where they are exact. */
  readonly unit: number
  /** Cuts what was booked at once into what each later month of `term` gets; the first month gets the rest. */
  readonly later: (booked: number, term: number) => number
}

/** How amounts are booked: unrounded, or in whole cents, each rounded once with floor(100 x + .5). */
export function postingOf(books: Books): Posting {
  if (books === 'exact') {
    return Object.assign((amount: number) => amount, {
      unit: 1,
      later: (booked: number, term: number) => booked / term,
    })
  }
  return Object.assign((amount: number) => Math.floor(amount * 100 + 0.5), {
    unit: 100,
    later: (booked: number, term: number) => Math.floor(booked / term),
  })
}

/** A ledger in which nothing was posted yet. */
export function emptyLedger(): Ledger {
  return Object.fromEntries(accountNames.map((name) => [name, 0])) as Ledger
}

/** The sum over all accounts of each startup, in booked units: exactly 0 in whole cents, or a posting is missing. */
export function trialBalance({ ledger }: { readonly ledger: readonly Ledger[] }): number[] {
  return ledger.map((accounts) => accountNames.reduce((total, name) => total + accounts[name], 0))
}
