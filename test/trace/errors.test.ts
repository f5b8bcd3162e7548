/** Every mistake fails while tracing and names the line on which it was made. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { drawSource, uniform, uniforms } from '../../engine/numerics/draws.ts'
import { exp } from '../../engine/numerics/exponential.ts'
import {
  bool,
  children,
  choose,
  chooseNum,
  dimension,
  each,
  flow,
  fold,
  link,
  list,
  month,
  num,
  only,
  parameter,
  recordRow,
  repeat,
  replication,
  routine,
  state,
  structure,
  sum,
  traceProgram,
  when,
  where,
  whole,
  type Bool,
  type EntityOf,
  type Num,
} from '../../engine/trace/index.ts'
import { lineHere, mistake, tableOf, traceOf, type SmallModel } from './helper.ts'

const world = dimension('world', 'everything', {
  a: parameter({ unit: '1', meaning: 'a parameter' }),
  on: parameter({ unit: '1', meaning: 'a switch', kind: 'bool' }),
  size: structure({ unit: '1', meaning: 'a whole number' }),
  x: state({ unit: '1', meaning: 'a state' }),
  live: state({ unit: '1', meaning: 'a condition that lasts', kind: 'bool' }),
  u: flow({ unit: '1', meaning: 'a flow' }),
  v: state({ unit: '1', meaning: 'a vector', length: 3 }),
})
const firms = dimension('firms', 'companies', {
  y: state({ unit: '1', meaning: 'a state' }),
  b: parameter({ unit: '1', meaning: 'a parameter' }),
})
const firmsOf = children('firmsOf', world, firms)
const likedBy = list('likedBy', world, firms)
const worldOf = link('worldOf', firms, world)
const results = tableOf('results', world, ['x'])
const monthly = tableOf('monthly', world, ['x'], true)

const model = {
  dimensions: [world, firms],
  relations: [firmsOf, likedBy, worldOf],
  tables: [results, monthly],
}
const start = () => {
  const w = only(world)
  w.x = num(1)
  w.live = bool(true)
  for (const i of [0, 1, 2]) w.v.set(i, i)
  each(firms, (f) => {
    f.y = num(0)
  })
}

/** Traces the work as a month of a model whose state has been set. */
function inMonth(work: () => void): void {
  traceOf({ ...model, start, month: work })
}

const source = readFileSync(fileURLToPath(import.meta.url), 'utf8').split('\n')

/** The line that is marked `// !` at or below a line, else the first of a block that opens there, else the line. */
function mistakenLine(call: number): number {
  const end = source.findIndex(
    (text, i) => i >= call && (text.trim() === '' || /^ *(fails|const error)\b/.test(text)),
  )
  const marked = source.findIndex((text, i) => i >= call - 1 && i < end && text.endsWith('// !'))
  if (marked >= 0) return marked + 1
  return source[call - 1]?.endsWith('{') ? call + 1 : call
}

/** The line that ends with `// ! label`. */
function marked(label: string): number {
  return source.findIndex((text) => text.endsWith(`// ! ${label}`)) + 1
}

/** Expects a month of `work` to fail with the message, naming the line of the mistake. */
function fails(work: () => void, message: RegExp, line = mistakenLine(lineHere(0, 1))): void {
  const error = mistake(() => inMonth(work))
  expect(error.code).toBe('trace')
  expect(error.message).toMatch(message)
  expect(error.path).toMatch(new RegExp(`errors\\.test\\.ts:${line}:\\d+$`))
}

describe('a column', () => {
  it('of flow cannot be read before it is written', () => {
    fails(() => {
      only(world).x = only(world).u
    }, /column world\.u is read before it is written/)
  })

  it('of state cannot be read without a start', () => {
    const error = mistake(() =>
      traceOf({
        ...model,
        month: () => {
          only(world).x = only(world).x.plus(1)
        },
      }),
    )
    expect(error.message).toBe('column world.x is read before it is written')
    expect(error.hint).toMatch(/start step/)
    expect(error.path).toMatch(/errors\.test\.ts:\d+:\d+$/)
  })

  it('of flow set in a start step is not there in the months', () => {
    const error = mistake(() =>
      traceOf({
        ...model,
        start: [
          start,
          () => {
            only(world).u = num(1)
          },
        ],
        month: () => {
          only(world).x = only(world).u
        },
      }),
    )
    expect(error.message).toBe('column world.u is read before it is written')
  })

  it('cannot be set for the first time under a condition', () => {
    fails(
      () =>
        when(only(world).on, () => {
          only(world).u = num(1) // !
        }),
      /column world\.u is read before it is written/,
    )
    fails(
      () =>
        when(only(world).live, () => {
          only(world).u = num(1) // !
        }),
      /column world\.u is read before it is written/,
    )
  })

  it('cannot be set when it is a parameter or a structure', () => {
    fails(() => {
      ;(only(world) as unknown as { a: Num }).a = num(1)
    }, /world\.a is a parameter and cannot be set/)
    fails(() => {
      ;(only(world) as unknown as { size: unknown }).size = whole(1)
    }, /world\.size is a parameter and cannot be set/)
  })

  it('must exist to be set', () => {
    fails(() => {
      ;(only(world) as unknown as { price: Num }).price = num(1)
    }, /world has no column price to set/)
  })

  it('with components is set one component at a time', () => {
    fails(() => {
      ;(only(world) as unknown as { v: Num }).v = num(1)
    }, /world\.v has 3 components/)
  })

  it('has no components but its own', () => {
    fails(() => {
      only(world).x = only(world).v.at(3)
    }, /component 3 of world\.v does not exist: it has 3/)
    fails(() => {
      only(world).v.set(-1, 0)
    }, /component -1 of world\.v does not exist/)
    fails(() => {
      only(world).v.set(0.5, 0)
    }, /component 0.5 of world\.v does not exist/)
  })

  it('has the same component in all replications', () => {
    fails(() => {
      only(world).x = only(world).v.at(replication().and(1))
    }, /differs between replications/)
    fails(() => {
      only(world).v.set(replication().and(1), 0)
    }, /differs between replications/)
    fails(() => {
      only(world).x = firmsOf.at(only(world), replication()).y
    }, /child of firmsOf is chosen by a number that differs/)
  })
})

describe('a result that goes nowhere', () => {
  it('is a mistake', () => {
    fails(() => {
      only(world).x.plus(1)
    }, /a value is computed and nothing depends on it/)
    fails(() => {
      const half = only(world).x.times(0.5)
      half.plus(1) // !
    }, /a value is computed and nothing depends on it/)
  })

  it('is a mistake in a routine too', () => {
    const forgetful = routine('forgetful', ['num'], (x) => {
      x.times(2) // ! forgotten
      return x.plus(1)
    })
    fails(
      () => {
        only(world).x = forgetful(only(world).x)
      },
      /a value is computed and nothing depends on it/,
      marked('forgotten'),
    )
  })

  it('is allowed to the numerics, which draw in pairs', () => {
    expect(() =>
      inMonth(() => {
        only(world).x = uniform(drawSource({ stream: 'luck' }))
      }),
    ).not.toThrow()
    expect(() =>
      inMonth(() => {
        only(world).x = uniforms(drawSource({ stream: 'luck' }))[1]
      }),
    ).not.toThrow()
  })

  it('is no mistake when only an index or a range needs it', () => {
    expect(() =>
      inMonth(() => {
        only(world).x = only(world).v.at(month().modulo(3))
      }),
    ).not.toThrow()
    expect(() =>
      inMonth(() => {
        only(world).v.set(month().modulo(3), 2)
      }),
    ).not.toThrow()
  })
})

describe("JavaScript's own operators", () => {
  it('cannot decide on a condition: if, && and ?:', () => {
    fails(() => {
      if (only(world).x.isAbove(0)) only(world).x = num(1)
    }, /a condition decides nothing/)
    fails(() => {
      if (only(world).live) only(world).x = num(1)
    }, /a condition decides nothing/)
    fails(() => {
      only(world).x = only(world).x.isAbove(0) ? num(1) : num(2)
    }, /a condition decides nothing/)
    fails(() => {
      only(world).live = (only(world).x.isAbove(0) && only(world).on) as Bool
    }, /a condition decides nothing/)
    fails(() => {
      if (!only(world).x.isAbove(0)) only(world).x = num(1)
    }, /a condition decides nothing/)
  })

  it('cannot read a symbolic value: + < templates and JSON', () => {
    const x = (): never => only(world).x as never
    fails(() => {
      only(world).x = num(x() + 1)
    }, /a symbolic value has no value yet/)
    fails(() => {
      if (x() < 1) only(world).x = num(1)
    }, /a symbolic value has no value yet/)
    fails(() => {
      only(world).x = num(Math.max(x(), 1))
    }, /a symbolic value has no value yet/)
    fails(() => {
      throw new Error(`so much: ${x() as string}`)
    }, /a symbolic value has no value yet/)
    fails(() => {
      JSON.stringify({ x: x() })
    }, /a symbolic value has no value yet/)
  })
})

describe('a literal', () => {
  it('is a number where a number is expected', () => {
    fails(() => {
      only(world).x = undefined as never
    }, /a number is expected, not undefined/)
    fails(() => {
      only(world).x = only(world).x.plus(Number.NaN)
    }, /a number is expected, not NaN/)
    fails(() => {
      only(world).x = only(world).x.plus('1' as never)
    }, /a number is expected, not "1"/)
    fails(() => {
      only(world).x = only(world).x.plus(only(world).live as never)
    }, /a number is expected, not a symbolic bool/)
    fails(() => {
      only(world).x = num(0).over(0)
    }, /a number is expected, not NaN/)
    fails(() => {
      only(world).x = exp(undefined as never)
    }, /a number is expected, not undefined/)
  })

  it('is a condition where a condition is expected', () => {
    fails(() => {
      only(world).x = where(undefined as never, 1, 2)
    }, /a condition is expected, not undefined/)
    fails(() => {
      only(world).live = 1 as never
    }, /a condition is expected, not 1/)
  })

  it('is a whole number of 32 bits where one is expected', () => {
    for (const given of [-1, 0.5, 2 ** 32, Number.NaN])
      fails(() => {
        only(world).x = replication().plus(given).toNum()
      }, /a whole number from 0 to 2\^32 - 1 is expected/)
    for (const bits of [-1, 32, 0.5, undefined as never])
      fails(() => {
        only(world).x = replication().rotatedLeft(bits).toNum()
      }, /bits from 0 to 31 is expected/)
  })
})

describe('a value', () => {
  it('cannot be used outside the loop it was made in', () => {
    let kept: Num | undefined
    const error = mistake(() =>
      inMonth(() => {
        each(firms, (f) => {
          kept = f.y.plus(1) // ! made
        })
        only(world).x = kept as Num // ! used
      }),
    )
    expect(error.message).toMatch(/used outside it/)
    expect(error.path).toMatch(new RegExp(`errors\\.test\\.ts:${marked('used')}:`))
    expect(error.hint).toMatch(
      new RegExp(`it was made at .*errors\\.test\\.ts:${marked('made')}:.*sum\\(\\) or fold\\(\\)`),
    )
  })

  it('cannot be used outside the side of a condition it was made in', () => {
    let kept: Num | undefined
    fails(() => {
      when(only(world).live, () => {
        only(world).x = kept = only(world).x.plus(1)
      })
      only(world).x = (kept as Num).times(2) // !
    }, /used outside it/)
  })

  it('cannot be used in another step, or in a routine', () => {
    let kept: Num | undefined
    const error = mistake(() =>
      traceOf({
        ...model,
        start,
        month: [
          () => {
            only(world).x = kept = only(world).x.plus(1)
          },
          () => {
            only(world).x = kept as Num
          },
        ],
      }),
    )
    expect(error.message).toMatch(/used outside it/)
    const capture = routine('capture', ['num'], (x) => x.plus(kept as Num)) // ! captured
    fails(
      () => {
        kept = only(world).x
        only(world).x = capture(kept)
      },
      /used outside it/,
      marked('captured'),
    )
  })

  it('exists only while a step is traced', () => {
    const error = mistake(() => num(1))
    expect(error.code).toBe('trace-outside-step')
    expect(error.message).toBe('symbolic values exist only while a step is traced')
  })
})

describe('a routine', () => {
  it('sees nothing but its arguments', () => {
    const bodies: [() => Num, RegExp][] = [
      [() => month().toNum(), /a routine cannot see the month/],
      [() => replication().toNum(), /a routine cannot see the replication/],
      [() => only(world).a, /a routine cannot see memory/],
      [() => sum(firms, () => 1), /a routine cannot see memory/],
    ]
    for (const [body, message] of bodies) {
      const curious = routine('curious', ['num'], (x) => x.plus(body()))
      expect(
        mistake(() =>
          inMonth(() => {
            only(world).x = curious(only(world).x)
          }),
        ).message,
      ).toMatch(message)
    }
    const drawing = routine('drawing', ['num'], (x) => x.plus(uniform(drawSource({ stream: 'luck' })))) // ! drawn
    fails(
      () => {
        only(world).x = drawing(only(world).x)
      },
      /a routine cannot see the month/,
      marked('drawn'),
    )
  })

  it('is given as many arguments as it has parameters, and gives something back', () => {
    const sumOf = routine('sumOf', ['num', 'num'], (x, y) => x.plus(y))
    fails(() => {
      only(world).x = (sumOf as unknown as (x: Num) => Num)(only(world).x)
    }, /routine sumOf takes 2 arguments, not 1/)
    const empty = routine('empty', ['num'], (() => undefined) as never)
    fails(() => {
      only(world).x = empty(1) as Num
    }, /routine empty must return symbolic values, not undefined/)
  })
})

describe('the sides of choose', () => {
  it('give the same names', () => {
    fails(() => {
      only(world).x = choose(
        only(world).live,
        () => ({ p: num(1), q: num(2) }),
        () => ({ p: num(1) }) as never,
      ).p as Num
    }, /both sides of choose must give q/)
    fails(() => {
      only(world).x = choose(
        only(world).live,
        () => ({ p: num(1) }),
        () => ({ p: num(1), q: num(2) }) as never,
      ).p as Num
    }, /both sides of choose must give q/)
    fails(() => {
      only(world).x = choose(
        only(world).live,
        () => ({ p: undefined as never as Num }),
        () => ({ p: num(1) }),
      ).p
    }, /both sides of choose must give p/)
  })

  it('give the same kinds', () => {
    fails(() => {
      only(world).x = choose(
        only(world).live,
        () => ({ p: num(1) }),
        () => ({ p: bool(true) }) as never,
      ).p as Num
    }, /p of the other side of choose must be a num, not a bool/)
    fails(() => {
      only(world).x = chooseNum(
        only(world).live,
        () => 1,
        () => undefined as never,
      )
    }, /a number is expected, not undefined/)
    fails(() => {
      only(world).x = choose(
        only(world).live,
        () => ({ p: 1 as never as Num }),
        () => ({ p: num(1) }),
      ).p
    }, /p of choose must be symbolic, not 1/)
  })
})

describe('what a loop carries', () => {
  it('keeps its names and kinds in fold', () => {
    fails(() => {
      only(world).x = fold<object, { t: Num }>(firms, { t: 0 }, () => ({}) as never).t
    }, /t of the next state must be a num, not undefined/)
    fails(() => {
      only(world).x = fold<object, { t: Num }>(firms, { t: 0 }, () => ({ t: true }) as never).t
    }, /t of the next state must be a num, not true/)
  })

  it('keeps its names and kinds in repeat', () => {
    fails(() => {
      only(world).x = repeat(only(world).live, { t: 1 as never as Num }, () => ({
        again: false,
        next: { t: num(1) },
      })).t
    }, /t of repeat must be symbolic, not 1/)
    fails(() => {
      only(world).x = repeat(only(world).live, { t: num(1) }, () => ({
        again: false,
        next: { t: whole(1) } as never,
      })).t
    }, /t of the next state must be a num, not a whole/)
  })

  it('is visited forwards in a list', () => {
    const feed = (f: EntityOf<typeof firms>) => void (f.y = num(1))
    fails(() => {
      each(likedBy(only(world)), feed, { backwards: true })
    }, /a list is visited forwards only/)
  })
})

describe('a relation', () => {
  it('is followed from its own dimension', () => {
    fails(
      () => each(firms, (f) => each(firmsOf(f as never), () => {})), // !
      /firmsOf leads from world, not from a record of firms/,
    )
    fails(() => {
      only(world).x = worldOf(only(world) as never).x
    }, /worldOf leads from firms, not from a record of world/)
    fails(() => {
      only(world).x = worldOf(undefined as never).x
    }, /worldOf leads from firms, not from undefined/)
  })
})

describe('a row', () => {
  const x = () => ({ x: only(world).x })

  it('is recorded by every replication, so never under a condition', () => {
    fails(
      () => when(only(world).live, () => recordRow(monthly, only(world), x())), // !
      /a row of monthly is recorded under a condition/,
    )
    fails(
      () => when(only(world).on, () => recordRow(monthly, only(world), x())), // !
      /a row of monthly is recorded under a condition/,
    )
    fails(() => {
      repeat(only(world).live, { t: num(1) }, ({ t }) => {
        recordRow(monthly, only(world), x()) // !
        return { again: false, next: { t } }
      })
    }, /a row of monthly is recorded under a condition/)
  })

  it('has every column of its table', () => {
    fails(() => recordRow(monthly, only(world), {}), /column x of table monthly is not given/)
  })

  it('belongs to a record of its table', () => {
    fails(
      () => each(firms, (f) => recordRow(monthly, f, x())), // !
      /table monthly has rows for world, not for firms/,
    )
  })

  it('of every month is recorded in a month step', () => {
    const error = mistake(() =>
      traceOf({ ...model, start, finish: () => recordRow(monthly, only(world), x()) }),
    )
    expect(error.message).toMatch(/table monthly has a row for every month/)
  })
})

describe('a model', () => {
  const declared = (changes: Partial<SmallModel>) =>
    mistake(() =>
      traceOf({
        ...model,
        start,
        month: () => {
          only(world).x = sum(firmsOf(only(world)), (f) => f.y)
          recordRow(monthly, only(world), { x: only(world).x })
        },
        ...changes,
      }),
    )

  it('gives every name once', () => {
    expect(declared({ dimensions: [world, firms, dimension('world', 'another', {})] }).message).toBe(
      'model small declares two things called world',
    )
    expect(
      declared({ relations: [firmsOf, { relation: { ...likedBy.relation, name: 'firms' } }] }).message,
    ).toBe('model small declares two things called firms')
    expect(declared({ tables: [monthly, tableOf('monthly', firms, [])] }).message).toBe(
      'model small declares two things called monthly',
    )
    expect(declared({ tables: [tableOf('monthly', world, ['x', 'x'], true)] }).message).toBe(
      'table monthly declares two columns called x',
    )
    const model = { name: 'twice', relations: [], tables: [], start: [], month: [], finish: [] }
    const error = mistake(() => traceProgram({ ...model, dimensions: [world, world] })) // ! declared
    expect(error.path).toMatch(new RegExp(`errors\\.test\\.ts:${marked('declared')}:`))
  })

  it('declares what its steps use', () => {
    const path = /errors\.test\.ts:\d+:\d+$/
    for (const [changes, message] of [
      [{ dimensions: [world], relations: [] }, 'dimension firms is used and model small does not declare it'],
      [{ relations: [] }, 'relation firmsOf is used and model small does not declare it'],
      [{ tables: [] }, 'table monthly is used and model small does not declare it'],
    ] as const) {
      const error = declared(changes)
      expect(error.message).toBe(message)
      expect(error.path).toMatch(path)
    }
  })
})

describe('a draw', () => {
  it('has a stream', () => {
    fails(() => {
      only(world).x = uniform(drawSource({ stream: undefined as never }))
    }, /a draw needs a stream/)
    fails(() => {
      only(world).x = uniform(drawSource({ stream: 'a', entity: undefined as never, at: Number.NaN }))
    }, /expected, not NaN/)
  })
})
