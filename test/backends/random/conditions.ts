/** Random conditions and whole numbers. */
import { dimensionNames, type W } from '../language.ts'
import type { Expression, Natural, Real, Scope, Truth } from './pieces.ts'
import { RecordGenerator } from './records.ts'

export abstract class ConditionGenerator extends RecordGenerator {
  protected abstract real(scope: Scope, depth: number): Real

  protected truth(scope: Scope, depth: number): Truth {
    const { choices } = this
    const t = (): Truth => this.truth(scope, depth - 1)
    const kind = depth <= 0 ? choices.below(3) : choices.below(12)
    switch (kind) {
      case 1:
      case 2: {
        if (kind === 1 && scope.truths.length > 0 && !scope.uniform) return choices.of(scope.truths)
        if (scope.places.length === 0) return { text: 'true', make: (f) => f.language.bool(true) }
        const place = this.place(scope)
        const column = choices.of(
          (scope.uniform ? (['on', 'hot'] as const) : (['on', 'live', 'hot'] as const)).filter((name) =>
            this.readable.has(`${place.dimension}.${name}`),
          ),
        )
        return { text: `${place.text}.${column}`, make: (f) => place.make(f)[column] }
      }
      case 3:
      case 4:
      case 5: {
        const [x, y] = [this.real(scope, depth - 1), this.real(scope, depth - 1)]
        const op = choices.of(['isBelow', 'isAtMost', 'isAbove', 'isAtLeast', 'equals'] as const)
        return { text: `${x.text} ${op} ${y.text}`, make: (f) => x.make(f)[op](y.make(f)) }
      }
      case 6: {
        const [a, b] = [t(), t()]
        return { text: `(${a.text} & ${b.text})`, make: (f) => a.make(f).and(b.make(f)) }
      }
      case 7: {
        const [a, b] = [t(), t()]
        return { text: `(${a.text} | ${b.text})`, make: (f) => a.make(f).or(b.make(f)) }
      }
      case 8: {
        const a = t()
        return { text: `!${a.text}`, make: (f) => a.make(f).not() }
      }
      case 9: {
        const [a, b] = [this.natural(scope, depth - 1), this.natural(scope, depth - 1)]
        const op = choices.of(['equals', 'isBelow'] as const)
        return { text: `${a.text} ${op} ${b.text}`, make: (f) => a.make(f)[op](b.make(f)) }
      }
      case 10: {
        const [c, a, b] = [t(), t(), t()]
        return {
          text: `(${c.text} ? ${a.text} : ${b.text})`,
          make: (f) => f.language.whereBool(c.make(f), a.make(f), b.make(f)),
        }
      }
      case 11: {
        const w = this.natural(scope, depth - 1)
        return { text: `odd(${w.text})`, make: (f) => w.make(f).and(1).equals(1) }
      }
      default:
        return { text: 'false', make: (f) => f.language.bool(false) }
    }
  }

  protected natural(scope: Scope, depth: number): Natural {
    const { choices } = this
    const two = (text: string, make: (a: W, b: W) => W): Natural => {
      const [a, b] = [this.natural(scope, depth - 1), this.natural(scope, depth - 1)]
      return { text: `(${a.text} ${text} ${b.text})`, make: (f) => make(a.make(f), b.make(f)) }
    }
    const kind = depth <= 0 ? choices.below(6) : choices.below(17)
    if (kind === 1 && scope.naturals.length > 0 && !scope.uniform) return choices.of(scope.naturals)
    if (kind > 0 && kind < 3 && !scope.uniform && !scope.isRoutine)
      return { text: 'replication', make: (f) => f.language.replication() }
    if (kind > 0 && kind < 4 && !scope.isRoutine) return { text: 'month', make: (f) => f.language.month() }
    switch (kind) {
      case 1:
      case 2:
      case 3:
      case 4: {
        const word = choices.of([0, 1, 2, 3] as const)
        return { text: `key${word}`, make: (f) => f.language.key(word) }
      }
      case 5: {
        if (scope.places.length === 0)
          return { text: '4294967295', make: (f) => f.language.whole(4294967295) }
        const place = this.place(scope)
        const index = this.index(scope, 2)
        const dimension = choices.of(dimensionNames)
        return choices.of<() => Natural>([
          () => ({ text: `${place.text}.code`, make: (f) => place.make(f).code }),
          () => ({
            text: `${place.text}.codes[${index.text}]`,
            make: (f) => place.make(f).codes.at(index.make(f)),
          }),
          () => ({ text: `indexOf(${place.text})`, make: (f) => f.language.indexOf(place.make(f)) }),
          () => ({ text: `count(${dimension})`, make: (f) => f.language.count(dimension) }),
        ])()
      }
      case 6:
        return two('+', (a, b) => a.plus(b))
      case 7:
        return two('-', (a, b) => a.minus(b))
      case 8:
        return two('*', (a, b) => a.times(b))
      case 9:
        return two('&', (a, b) => a.and(b))
      case 10:
        return two('|', (a, b) => a.or(b))
      case 11:
        return two('^', (a, b) => a.xor(b))
      case 12: {
        const a = this.natural(scope, depth - 1)
        const d = choices.below(32)
        return { text: `(${a.text} << ${d})`, make: (f) => a.make(f).shiftedLeft(d) }
      }
      case 13: {
        const a = this.natural(scope, depth - 1)
        const d = choices.below(32)
        return { text: `(${a.text} >> ${d})`, make: (f) => a.make(f).shiftedRight(d) }
      }
      case 14: {
        const a = this.natural(scope, depth - 1)
        const d = choices.below(32)
        return { text: `(${a.text} rot ${d})`, make: (f) => a.make(f).rotatedLeft(d) }
      }
      case 15: {
        if (scope.isRoutine) return this.natural(scope, 0)
        const uniform = { ...scope, uniform: true }
        const [a, b] = [this.natural(uniform, depth - 1), this.natural(uniform, 0)]
        return { text: `(${a.text} mod ${b.text})`, make: (f) => a.make(f).modulo(b.make(f)) }
      }
      case 16: {
        if (scope.uniform) return this.natural(scope, 0)
        const [c, a, b] = [
          this.truth(scope, depth - 1),
          this.natural(scope, depth - 1),
          this.natural(scope, 0),
        ]
        return {
          text: `(${c.text} ? ${a.text} : ${b.text})`,
          make: (f) => f.language.whereWhole(c.make(f), a.make(f), b.make(f)),
        }
      }
      default: {
        const literal = choices.of([0, 1, 7, 4294967295, 2147483648])
        return { text: String(literal), make: (f) => f.language.whole(literal) }
      }
    }
  }

  /** A component of a vector: mostly a literal, else uniform and computed. */
  protected index(scope: Scope, length: number): Expression<W | number> {
    const literal = this.choices.below(length)
    if (scope.isRoutine || !this.choices.oneIn(3)) return { text: String(literal), make: () => literal }
    const from = this.natural({ ...scope, uniform: true }, 1)
    return { text: `${from.text} mod ${length}`, make: (f) => from.make(f).modulo(length) }
  }
}
