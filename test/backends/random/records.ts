/** Random records and ranges of them. */
import { dimensionNames, type DimensionName, type E } from '../language.ts'
import type { Choices } from './choices.ts'
import { all, type Place, type Range, type Scope } from './pieces.ts'

export abstract class RecordGenerator {
  protected choices: Choices
  private names = 0
  /** Columns that are written for every record: state in the start, flows once they are set for all. */
  protected readonly readable = new Set<string>(
    dimensionNames.flatMap((d) => ['a', 'b', 'on', 'v', 'term', 'code', 'codes'].map((c) => `${d}.${c}`)),
  )

  constructor(choices: Choices) {
    this.choices = choices
  }

  protected name(prefix: string): string {
    return `${prefix}${this.names++}`
  }

  protected visiting(scope: Scope, dimension: DimensionName): { scope: Scope; name: string } {
    const name = this.name('e')
    const place: Place = { text: name, dimension, make: (f) => f.records.get(name) as E }
    return {
      name,
      scope: { ...scope, places: [...scope.places, place], loops: scope.loops + 1, again: [...scope.again] },
    }
  }

  protected place(scope: Scope): Place {
    const base = this.choices.of([...scope.places].reverse())
    if (base.dimension === 'pairs' && this.choices.oneIn(2)) {
      return this.choices.oneIn(2)
        ? {
            text: `groupOf(${base.text})`,
            dimension: 'groups',
            make: (f) => f.language.groupOf(base.make(f)),
          }
        : { text: `firmOf(${base.text})`, dimension: 'firms', make: (f) => f.language.firmOf(base.make(f)) }
    }
    if (base.dimension === 'firms' && this.choices.oneIn(3)) {
      if (this.choices.oneIn(2))
        return {
          text: `friendOf(${base.text})`,
          dimension: 'firms',
          make: (f) => f.language.friendOf(base.make(f)),
        }
      const offset = this.choices.below(3)
      return {
        text: `cellAt(${base.text}, month + ${offset} mod term)`,
        dimension: 'cells',
        make: (f) => {
          const firm = base.make(f)
          return f.language.cellAt(firm, f.language.month().plus(offset).modulo(firm.term))
        },
      }
    }
    return base
  }

  protected range(scope: Scope): Range {
    const base = this.choices.of([...scope.places].reverse())
    if (base.dimension === 'groups') {
      return this.choices.oneIn(3)
        ? {
            text: `rivals(${base.text})`,
            dimension: 'firms',
            isList: true,
            make: (f) => f.language.rivals(base.make(f)),
          }
        : {
            text: `pairsOf(${base.text})`,
            dimension: 'pairs',
            isList: false,
            make: (f) => f.language.pairsOf(base.make(f)),
          }
    }
    if (base.dimension === 'firms')
      return {
        text: `cellsOf(${base.text})`,
        dimension: 'cells',
        isList: false,
        make: (f) => f.language.cellsOf(base.make(f)),
      }
    return all(this.choices.of(['groups', 'firms', 'pairs', 'cells', 'world'] as const))
  }
}
