/**
 * What a business model is to a scenario: a preset of plans and startup figures, and nothing more. The engine
 * knows no business model, so a new one is a new file beside this one and a line in `index.ts`.
 */
import type {
  PlanDefinition,
  PlanField,
  SegmentKind,
  StartupDefinition,
  StartupField,
  Triple,
} from '../../engine/market/definition.ts'

/** A plan of a preset: what differs from the defaults, and the kinds of segment it is offered to. */
export type PresetPlan = Partial<Pick<PlanDefinition, PlanField | 'recognition'>> & {
  /** Unique within the preset; a scenario overrides the plan under this key. */
  readonly id: string
  readonly offeredTo: readonly SegmentKind[]
}

/** The startup figures of a preset: what differs from the defaults. */
export type PresetStartup = Partial<Pick<StartupDefinition, StartupField>> & {
  readonly quality?: Triple
  readonly rdMix?: Triple
}

/** A way of doing business, as a preset that every scenario may override field by field. */
export interface BusinessModel {
  /** The key a scenario writes after `model:`, in kebab-case. */
  readonly name: string
  /** The name people use. */
  readonly title: string
  readonly startup: PresetStartup
  readonly plans: readonly PresetPlan[]
}
