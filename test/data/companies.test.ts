/** The figures on advertising, subscriptions, adoption and survival that the project quotes, from the files. */
import { describe, expect, test } from 'vitest'
import { loadScenario } from '../../scenarios/load.ts'
import { numberIn, rowsOf, testWith } from './files.ts'
import { bassFit, mean, total } from './least-squares.ts'

const spotifyFile = 'spotify-quarterly/spotify_quarterly_clean.csv'
const netflixFile = 'netflix-quarterly/netflix_quarterly_clean.csv'
const survivalFile = 'bls-survival/bls_survival_long.csv'
const adoptionFile = 'owid-tech-adoption/technology-adoption-by-households-in-the-united-states.csv'

const flagship = loadScenario('large-model-market')
const consumers = flagship.segments.find(({ id }) => id === 'consumer')!

test('the flagship earns .46 a month from advertising to a consumer of mean usage', () => {
  const { revenuePerThousandAds } = flagship.parameters
  const free = flagship.startups.find(({ id }) => id === 'free-ads')!.plans[0]!
  expect((revenuePerThousandAds * consumers.usage * free.adLoad) / 1000).toBeCloseTo(0.46, 2)
})

describe('Spotify', () => {
  const quarters = () => rowsOf(spotifyFile)
  const lastYear = () => quarters().slice(-4)
  const share = (part: string, whole: string) =>
    total(lastYear().map((row) => numberIn(row, part))) / total(lastYear().map((row) => numberIn(row, whole)))
  /** Ad revenue over the mean number of ad users in each quarter [EUR a user and month]. */
  const adRevenues = () =>
    quarters().flatMap((row, i, all) => {
      if (i === 0) return []
      const users = (numberIn(row, 'Ad MAUs') + numberIn(all[i - 1]!, 'Ad MAUs')) / 2
      return [numberIn(row, 'Ad Revenue') / users / 3]
    })

  testWith(
    [spotifyFile],
    'earned .46 EUR a month from an ad user in the year to 2023Q1, .43 since 2017',
    () => {
      expect(quarters()).toHaveLength(25)
      expect(quarters().at(-1)!['Date']).toBe('2023-03-31')
      expect(mean(adRevenues().slice(-4))).toBeCloseTo(0.46, 2)
      expect(mean(adRevenues())).toBeCloseTo(0.43, 2)
      expect(Math.min(...adRevenues())).toBeCloseTo(0.26, 2)
      expect(Math.max(...adRevenues())).toBeCloseTo(0.58, 2)
    },
  )

  testWith([spotifyFile], 'grew by 25.6% a year, with 40 to 47% of users paying', () => {
    const users = quarters().map((row) => numberIn(row, 'MAUs'))
    expect((users.at(-1)! / users[0]!) ** (1 / 6) - 1).toBeCloseTo(0.256, 3)
    const paying = quarters().map((row) => numberIn(row, 'Premium MAUs') / numberIn(row, 'MAUs'))
    expect(Math.round(100 * Math.min(...paying))).toBe(40)
    expect(Math.round(100 * Math.max(...paying))).toBe(47)
  })

  testWith(
    [spotifyFile],
    'made 28% of gross margin on subscribers and 2% on advertising in its last year',
    () => {
      expect(share('Premium Gross Profit', 'Premium Revenue')).toBeCloseTo(0.28, 2)
      expect(share('Ad gross Profit', 'Ad Revenue')).toBeCloseTo(0.016, 3)
    },
  )

  testWith([spotifyFile], 'spent 13% of revenue on marketing, 13% on research, 5% on administration', () => {
    expect(share('Sales and Marketing Cost', 'total_fixed')).toBeCloseTo(0.13, 2)
    expect(share('Research and Development Cost', 'total_fixed')).toBeCloseTo(0.13, 2)
    expect(share('Genreal and Adminstraive Cost', 'total_fixed')).toBeCloseTo(0.05, 2)
  })
})

describe('Netflix', () => {
  const northAmerica = () => rowsOf(netflixFile).filter(({ region }) => region === 'UCAN')

  testWith([netflixFile], 'gained 12.6% of members a year from 2019Q1 to 2024Q1', () => {
    const dates = [...new Set(rowsOf(netflixFile).map(({ date }) => date!))].toSorted()
    const members = dates.map((date) =>
      total(
        rowsOf(netflixFile).flatMap((row) => (row['date'] === date ? [numberIn(row, 'paid_members')] : [])),
      ),
    )
    expect(dates).toHaveLength(21)
    expect((members.at(-1)! / members[0]!) ** (1 / 5) - 1).toBeCloseTo(0.126, 3)
  })

  testWith(
    [netflixFile],
    'lost 2.6% of members in North America as it took 7.9% more of each, early in 2022',
    () => {
      const [before, after] = ['2021-12-31', '2022-06-30'].map((day) =>
        northAmerica().find(({ date }) => date === day),
      )
      const change = (column: string) => numberIn(after!, column) / numberIn(before!, column) - 1
      expect(change('arm_usd_month')).toBeCloseTo(0.079, 3)
      expect(change('paid_members')).toBeCloseTo(-0.026, 3)
    },
  )
})

testWith(
  [netflixFile, spotifyFile],
  "the flagship's monthly prices for consumers lie between the least of Spotify and the most of Netflix",
  () => {
    const spotify = rowsOf(spotifyFile).map((row) => numberIn(row, 'Premium ARPU'))
    const netflix = rowsOf(netflixFile).map((row) => numberIn(row, 'arm_usd_month'))
    const [low, high] = [Math.min(...spotify), Math.max(...netflix)]
    expect([low, high]).toEqual([4.12, 17.3])
    const prices = flagship.startups.flatMap(({ plans }) =>
      plans.filter((plan) => plan.price > 0 && plan.offeredTo.includes('consumer')).map(({ price }) => price),
    )
    expect(prices.toSorted((a, b) => a - b)).toEqual([11.5, 14, 15])
    for (const price of prices) {
      expect(price).toBeGreaterThan(low)
      expect(price).toBeLessThan(high)
    }
  },
)

describe('of US establishments founded since 2010', () => {
  /** Mean over cohorts of the share alive at an age [%]. */
  const alive = (industry: string, age: number) =>
    mean(
      rowsOf(survivalFile)
        .filter(
          (row) => row['industry'] === industry && numberIn(row, 'age') === age && row['cohort']! >= '2010',
        )
        .map((row) => numberIn(row, 'survival_pct_since_birth')),
    )

  testWith([survivalFile], '79, 62, 51 and 35% are alive after 1, 3, 5 and 10 years', () => {
    const shares = [1, 3, 5, 10].map((age) => alive('TOTAL', age))
    ;[79.2, 61.9, 50.9, 35].forEach((share, i) => expect(shares[i]).toBeCloseTo(share, 1))
  })

  testWith([survivalFile], '78, 57, 45 and 28% in information', () => {
    const shares = [1, 3, 5, 10].map((age) => alive('information', age))
    ;[77.7, 57.3, 45, 27.8].forEach((share, i) => expect(shares[i]).toBeCloseTo(share, 1))
  })

  testWith(
    [survivalFile],
    'fewer are alive after 1, 5 and 8 years than of the flagship, and as many after 3',
    () => {
      // Mean survival of the flagship's eight startups over 1,000 replications of the reference implementation.
      const flagshipAlive: [number, number][] = [[1, 95], [3, 60], [5, 54], [8, 49]] // prettier-ignore
      const [first, third, fifth, eighth] = flagshipAlive.map(
        ([age, share]) => share - alive('information', age),
      )
      expect(first).toBeGreaterThan(15)
      expect(Math.abs(third!)).toBeLessThan(3)
      expect(fifth).toBeGreaterThan(5)
      expect(eighth).toBeGreaterThan(15)
    },
  )
})

describe('a Bass curve through adoption in the United States', () => {
  const fitOf = (entity: string, origin: number) => {
    const rows = rowsOf(adoptionFile).filter(({ Entity }) => Entity === entity)
    const column = Object.keys(rows[0]!).at(-1)!
    return bassFit(
      rows.map((row) => numberIn(row, 'Year') - origin),
      rows.map((row) => numberIn(row, column) / 100),
    )
  }

  test('recovers the curve that points were taken from', () => {
    const years = Array.from({ length: 20 }, (_, i) => i + 1)
    const curve = years.map(
      (t) => (0.8 * (1 - Math.exp(-0.41 * t))) / (1 + (0.38 / 0.03) * Math.exp(-0.41 * t)),
    )
    const { p, q, ceiling } = bassFit(years, curve)
    // The last grid is finer than 1e-4.
    expect(p / 0.03).toBeCloseTo(1, 2)
    expect(q / 0.38).toBeCloseTo(1, 2)
    expect(ceiling).toBeCloseTo(0.8, 3)
  })

  testWith([adoptionFile], 'has p .025 and q .16 for the internet, from 1990', () => {
    const { p, q, ceiling } = fitOf('Internet', 1990)
    expect(p).toBeCloseTo(0.025, 3)
    expect(q).toBeCloseTo(0.16, 2)
    expect(ceiling).toBeCloseTo(0.9, 1)
  })

  testWith([adoptionFile], 'has p .051 and q .31 for smartphones, from 2006', () => {
    const { p, q, ceiling } = fitOf('Smartphone usage', 2006)
    expect(p).toBeCloseTo(0.051, 3)
    expect(q).toBeCloseTo(0.31, 2)
    expect(ceiling).toBeCloseTo(0.85, 1)
  })

  testWith([adoptionFile], "is slower than the flagship's consumers in both ways", () => {
    for (const [entity, origin] of [
      ['Internet', 1990],
      ['Smartphone usage', 2006],
    ] as const) {
      const { p, q } = fitOf(entity, origin)
      expect(p).toBeLessThan(consumers.p)
      expect(q).toBeLessThan(consumers.q)
    }
  })
})
