/** Functions with known sensitivity indices, and their figures. Also read by the report of sensitivity. */
import { type UnitDesign, pointOf } from '../../engine/designs/index.ts'

/** A function of the unit cube with its analytic indices. */
export interface TestFunction {
  readonly name: string
  readonly dimension: number
  readonly of: (point: ArrayLike<number>) => number
  readonly first: readonly number[]
  readonly total: readonly number[]
}

/**
 * sin(x1) + 7 sin(x2)^2 + x3^4 sin(x1) / 10, with x uniform between -pi and pi.
 *
 * Source: T. Ishigami and T. Homma (1990), "An importance quantification technique in uncertainty analysis for computer
 * models". Figures: V1 = (1 + b pi^4 / 5)^2 / 2, V2 = a^2 / 8, V13 = 8 b^2 pi^8 / 225, evaluated and checked by
 * quadrature in Python (a = 7, b = 0.1; variance 13.844587940719254).
 */
export const ishigami: TestFunction = {
  name: 'Ishigami',
  dimension: 3,
  of: (point) => {
    const [x1, x2, x3] = Array.from(point, (u) => Math.PI * (2 * u - 1)) as [number, number, number]
    return Math.sin(x1) + 7 * Math.sin(x2) ** 2 + 0.1 * x3 ** 4 * Math.sin(x1)
  },
  first: [0.31390519114781146, 0.4424111447900409, 0],
  total: [0.5575888552099592, 0.4424111447900409, 0.24368366406214773],
}

const WEIGHTS = [0, 1, 4.5, 9, 99, 99, 99, 99]

/**
 * The product of (|4 u - 2| + a) / (1 + a), with eight u uniform between 0 and 1.
 *
 * Source: A. Saltelli and I. M. Sobol (1995), "About the use of rank transformation in sensitivity analysis of model
 * output". Figures: V_j = 1 / (3 (1 + a_j)^2), V = prod(1 + V_j) - 1, ST_j = V_j prod_{i /= j}(1 + V_i) / V, evaluated
 * in Python (variance 0.4654244319022067).
 */
export const sobolG: TestFunction = {
  name: 'Sobol g',
  dimension: 8,
  of: (point) =>
    WEIGHTS.reduce((product, a, j) => (product * (Math.abs(4 * point[j]! - 2) + a)) / (1 + a), 1),
  first: [
    0.7161921688790331, 0.17904804221975829, 0.02367577417781928, 0.007161921688790333, 7.161921688790333e-5,
    7.161921688790333e-5, 7.161921688790333e-5, 7.161921688790333e-5,
  ],
  total: [
    0.7871441266592748, 0.2421981928182384, 0.03431691015408282, 0.010460387065239534, 1.0494905191950601e-4,
    1.0494905191950601e-4, 1.0494905191950601e-4, 1.0494905191950601e-4,
  ],
}

/** A function's results at the points of a design. */
export function resultsAt(design: UnitDesign, { of }: TestFunction): Float64Array {
  return Float64Array.from({ length: design.count }, (_, i) => of(pointOf(design, i)))
}
