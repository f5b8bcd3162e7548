/** The business models that a scenario may name after `model:`. Add yours to this list. */
import type { BusinessModel } from './business-model.ts'
import { coursesAndTraining } from './courses-and-training.ts'
import { customSolutions } from './custom-solutions.ts'
import { dataSharingPlatform } from './data-sharing-platform.ts'
import { freeWithAds } from './free-with-ads.ts'
import { freeWithServices } from './free-with-services.ts'
import { freemium } from './freemium.ts'
import { licenceSale } from './licence-sale.ts'
import { marketplace } from './marketplace.ts'
import { openSourceHosting } from './open-source-hosting.ts'
import { ownApplication } from './own-application.ts'
import { partnerEcosystem } from './partner-ecosystem.ts'
import { subscription } from './subscription.ts'
import { toolsAndPlatform } from './tools-and-platform.ts'
import { usagePricedApi } from './usage-priced-api.ts'

export type { BusinessModel, PresetPlan, PresetStartup } from './business-model.ts'

/** Every packaged business model, in the order of the catalogue (docs/business-models.md). */
export const businessModels: readonly BusinessModel[] = [
  freeWithAds,
  freeWithServices,
  freemium,
  subscription,
  usagePricedApi,
  toolsAndPlatform,
  customSolutions,
  ownApplication,
  licenceSale,
  marketplace,
  dataSharingPlatform,
  coursesAndTraining,
  partnerEcosystem,
  openSourceHosting,
]
