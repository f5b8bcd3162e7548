/** The decision rules that scenarios may name, beside the default one. */
import type { TracedStrategy } from '../../engine/market/decisions.ts'
import { costPlus } from './cost-plus.ts'
import { freeFirst } from './free-first.ts'
import { hold } from './hold.ts'
import { learnByDoing } from './learn-by-doing.ts'
import { matchQualityLeader } from './match-quality-leader.ts'
import { penetrateThenRaise } from './penetrate-then-raise.ts'
import { runwayDiscipline } from './runway-discipline.ts'
import { undercut } from './undercut.ts'

export {
  costPlus,
  freeFirst,
  hold,
  learnByDoing,
  matchQualityLeader,
  penetrateThenRaise,
  runwayDiscipline,
  undercut,
}

/** All packaged strategies, in order of name. */
export const strategies: readonly TracedStrategy[] = [
  costPlus,
  freeFirst,
  hold,
  learnByDoing,
  matchQualityLeader,
  penetrateThenRaise,
  runwayDiscipline,
  undercut,
]
