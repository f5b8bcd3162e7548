/** Owns the plain example of docs/strategies.md, which a test compares with this file. */
import type { PlainStrategy } from '../../../index.ts'

/** Charges once a thousand people use it, and hires nobody while money is short. */
export const chargeAtScale: PlainStrategy = {
  name: 'charge-at-scale',
  decide: ({ replications, sees, plans }) => {
    for (let r = 0; r < replications; r++) {
      for (const { sees: plan, does } of plans) {
        const waits = plan.listPrice[r]! > 0 && plan.customers[r] === 0 && sees.users[r]! < 1000
        if (waits) does.open[r] = 0
        if (sees.runway[r]! < 6) does.hiring[r] = 0
      }
    }
  },
}
