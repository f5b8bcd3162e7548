/** Owns the preset "courses and training". */
import type { BusinessModel } from './business-model.ts'

/**
 * Courses of three months teach people to use large models, who then know.
 *
 * Earns: 60 a month, three months in advance.
 * Costs: little compute, since a course takes at most 100 requests a month; support.
 * Breaks: when new pupils run out: at the end of a course all compare again, and nothing holds them.
 * Source: figures are assumptions; without habit or switching costs, the opposite of Farrell and Klemperer (2007).
 */
export const coursesAndTraining: BusinessModel = {
  name: 'courses-and-training',
  title: 'Courses and training',
  startup: {},
  plans: [
    { id: 'course', price: 60, term: 3, phi: 1, sigma: 0, cap: 100, offeredTo: ['consumer', 'developer'] },
  ],
}
