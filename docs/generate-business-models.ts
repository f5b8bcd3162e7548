/**
 * Writes docs/business-models.md: what each preset says of itself, and how to add one. Run as
 * `npx tsx docs/generate-business-models.ts`; a test compares the page with what this gives, and runs its examples.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { businessModels, type BusinessModel } from '../agents/business-models/index.ts'

const folder = new URL('../agents/business-models/', import.meta.url)

/** The doc comment of a preset, as one line for each of its sentences and points. */
function commentOf({ name }: BusinessModel): string[] {
  const text = readFileSync(new URL(`${name}.ts`, folder), 'utf8')
  const [, comment = ''] = /\/\*\*\n((?: \*.*\n)+?) \*\/\nexport const/.exec(text) ?? []
  const lines = comment.split('\n').map((line) => line.replace(/^ \* ?/, ''))
  return lines
    .join('\n')
    .replace(/\n(?![A-Z][a-z]+: )/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function paragraphOf(model: BusinessModel, index: number): string {
  const lines = commentOf(model).map((line) => line.replace(/^(Earns|Costs|Breaks|Source): /, '**$1**: '))
  return `### ${index + 1}. ${model.title}

[\`${model.name}\`](../agents/business-models/${model.name}.ts). ${lines.join('\n')}`
}

/** Where the ideas of the presets come from. */
const SOURCES = `
- Anderson and Coate (2005), "Market provision of broadcasting: a welfare analysis", Review of Economic Studies 72(4).
- Choudhary (2007), "Comparison of software quality under perpetual licensing and software as a service", Journal of
  Management Information Systems 24(2).
- Ellison (2005), "A model of add-on pricing", Quarterly Journal of Economics 120(2).
- Farrell and Klemperer (2007), "Coordination and lock-in: competition with switching costs and network effects",
  Handbook of Industrial Organization 3.
- Jacobides, Cennamo and Gawer (2018), "Towards a theory of ecosystems", Strategic Management Journal 39(8).
- Jones and Tonetti (2020), "Nonrivalry and the economics of data", American Economic Review 110(9).
- Kumar (2014), "Making 'freemium' work", Harvard Business Review 92(5).
- Lerner and Tirole (2002), "Some simple economics of open source", Journal of Industrial Economics 50(2).
- Maister (1993), Managing the Professional Service Firm, Free Press.
- Rochet and Tirole (2003), "Platform competition in two-sided markets", Journal of the European Economic Association 1(4).
- Sundararajan (2004), "Nonlinear pricing of information goods", Management Science 50(12).
- Sutton (1991), Sunk Costs and Market Structure, MIT Press.`.trim()

/** The module of the example; as a value, so that it is not taken for an import of this file. */
const PACKAGE = "'rivalry'"

/** The text of docs/business-models.md. */
export function businessModelsPage(): string {
  return `<!-- Written by docs/generate-business-models.ts from the files in agents/business-models/: change those. -->

# Business models

A business model is a preset: plans, and what differs from the default figures of a startup. The engine knows none of
them. A scenario names one (\`model: freemium\`) and may override every figure of it. The numbers of all presets are a
table in [parameters](parameters.md#business-models); what the numbers do is in [the model](model.md).

The figures are assumptions: a starting point for scenarios, not a finding. List prices are at the level of real ones
where there are any ([data](data.md)).

## The catalogue

${businessModels.map(paragraphOf).join('\n\n')}

## One of your own

Without any code: write the plans where a scenario would name a preset. \`my-market.yaml\`:

\`\`\`yaml
title: Prepaid credits against a subscription
segments:
  smb: { kind: smallBusiness }
  developer: { kind: developer }
startups:
  credits: # 600 requests a month, bought for a quarter in advance; what goes beyond costs .04 each
    imitability: 0.03
    plans:
      bundle: { price: 30, term: 3, included: 600, usagePrice: 0.04, offeredTo: [smb, developer] }
  subscription: { model: subscription }
\`\`\`

\`npx rivalry run my-market.yaml\` simulates it. To use it like the packaged ones, in any scenario and with one startup after
the other, make it a preset in a program of your own. \`model: prepaid-credits\` then means it:

\`\`\`ts
import { type BusinessModel, businessModels, loadScenario, simulate, summaryText } from ${PACKAGE}

const prepaidCredits: BusinessModel = {
  name: 'prepaid-credits',
  title: 'Prepaid credits',
  startup: { imitability: 0.03 },
  plans: [
    {
      id: 'bundle',
      price: 30,
      term: 3,
      included: 600,
      usagePrice: 0.04,
      offeredTo: ['smallBusiness', 'developer'],
    },
  ],
}
const models = [...businessModels, prepaidCredits]
const set = ['startups.api.model=prepaid-credits', 'startups.api.plans={}']
const { summary } = await simulate(loadScenario('large-model-market', { models, set }), { replications: 100 })
console.log(summaryText(summary))
\`\`\`

The same as a file beside the others in \`agents/business-models/\` and a line in its \`index.ts\` packages it. Only
offers are presets: a rule that changes prices or budgets over time is a [strategy](strategies.md).

## Sources

${SOURCES}
`
}

if (argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(new URL('business-models.md', import.meta.url), businessModelsPage())
