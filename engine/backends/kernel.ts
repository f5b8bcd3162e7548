/** What a compiled program offers, whichever back end made it. Addresses are bytes in the kernel's memory. */
export interface Kernel {
  /** Uniform work of a design point for the months [fromMonth, toMonth); `block` is the point's own head. */
  prelude(block: number, fromMonth: number, toMonth: number): void
  /** State before month 0 of one block. */
  start(block: number): void
  /** All steps of the months [fromMonth, toMonth) of one block. */
  run(block: number, fromMonth: number, toMonth: number): void
  /** Steps [from, to) of one month of one block, in program order: for strategies outside and step-by-step checks. */
  steps(block: number, month: number, from: number, to: number): void
  /** Writes what is recorded at the end of one block, seen from its last month. */
  finish(block: number, month: number): void
}

/** The two ways in which a program can run; they agree to the last bit. */
export type Backend = 'wasm' | 'javascript'
