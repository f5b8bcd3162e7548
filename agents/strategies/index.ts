/** The decision rules that scenarios may name, beside the default one. */
import type { TracedStrategy } from '../../engine/market/decisions.ts'

/** All packaged strategies, in order of name. */
export const strategies: readonly TracedStrategy[] = []
