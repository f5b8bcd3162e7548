/** The business models that a scenario may name after `model:`. Add yours to this list. */
import type { BusinessModel } from './business-model.ts'
import { customSolutions } from './custom-solutions.ts'
import { freeWithAds } from './free-with-ads.ts'
import { freemium } from './freemium.ts'
import { marketplace } from './marketplace.ts'
import { openSourceHosting } from './open-source-hosting.ts'
import { partnerEcosystem } from './partner-ecosystem.ts'
import { subscription } from './subscription.ts'
import { usagePricedApi } from './usage-priced-api.ts'

export type { BusinessModel, PresetPlan, PresetStartup } from './business-model.ts'

/** Every packaged business model, in the order of the catalogue. */
export const businessModels: readonly BusinessModel[] = [
  freeWithAds,
  freemium,
  subscription,
  usagePricedApi,
  customSolutions,
  marketplace,
  partnerEcosystem,
  openSourceHosting,
]
