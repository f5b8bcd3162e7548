/**
 * Weeks of remission of leukaemia under 6-mercaptopurine and placebo: E. J. Freireich et al. (1963), Blood 21, as in E.
 * A. Gehan (1965), Biometrika 52. Estimates were computed in Python from the formulas and checked with scipy; they agree
 * with those published (D. G. Kleinbaum and M. Klein, "Survival Analysis": survival .857 .807 .753 .690 .628 .538 .448,
 * standard errors .0764 .0869 .0963 .1068 .1141 .1282 .1346, log-rank 16.79).
 */
import type { Duration, SurvivalScale } from '../../engine/statistics/index.ts'

/** What was estimated at the time of an event; intervals of 95%, cut to [0, 1], none where survival is 0. */
export interface ReferenceStep extends Partial<Readonly<Record<SurvivalScale, readonly [number, number]>>> {
  readonly time: number
  readonly atRisk: number
  readonly events: number
  readonly survival: number
  readonly standardError: number | null
}

const ended = (...weeks: readonly number[]): Duration[] => weeks.map((time) => ({ time, event: true }))
const lastSeen = (...weeks: readonly number[]): Duration[] => weeks.map((time) => ({ time, event: false }))

/** Of the 21 who were treated. */
export const treated: readonly Duration[] = [
  ...ended(6, 6, 6, 7, 10, 13, 16, 22, 23),
  ...lastSeen(6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35),
]

/** Of the 21 who were not. */
export const placebo: readonly Duration[] = ended(
  1,
  1,
  2,
  2,
  3,
  4,
  4,
  5,
  5,
  8,
  8,
  8,
  8,
  11,
  11,
  12,
  12,
  15,
  17,
  22,
  23,
)

/** The estimates for those treated. */
export const treatedSteps: readonly ReferenceStep[] = [
  {
    time: 6,
    atRisk: 21,
    events: 3,
    survival: 0.8571428571428571,
    standardError: 0.07636035483212125,
    plain: [0.7074793118252004, 1],
    log: [0.7198170839162704, 1],
    'log-log': [0.6197179552659837, 0.951551747646997],
  },
  {
    time: 7,
    atRisk: 17,
    events: 1,
    survival: 0.8067226890756303,
    standardError: 0.08693528518005719,
    plain: [0.6363326611369994, 0.9771127170142611],
    log: [0.6531242184621711, 0.9964436759086593],
    'log-log': [0.5631465646222333, 0.9228090192028805],
  },
  {
    time: 10,
    atRisk: 15,
    events: 1,
    survival: 0.7529411764705882,
    standardError: 0.09634965299432051,
    plain: [0.5640993266787883, 0.9417830262623882],
    log: [0.5859189820296942, 0.9675747545522977],
    'log-log': [0.5031995107999564, 0.8893618351692656],
  },
  {
    time: 13,
    atRisk: 12,
    events: 1,
    survival: 0.6901960784313725,
    standardError: 0.10681470777500983,
    plain: [0.48084309817318277, 0.8995490586895624],
    log: [0.5096130991017803, 0.9347691955361302],
    'log-log': [0.431610222486184, 0.8490659633494508],
  },
  {
    time: 16,
    atRisk: 11,
    events: 1,
    survival: 0.6274509803921569,
    standardError: 0.11405386525675254,
    plain: [0.4039095121913377, 0.8509924485929761],
    log: [0.439393924968767, 0.895994938535082],
    'log-log': [0.367510855987502, 0.8049121894718413],
  },
  {
    time: 22,
    atRisk: 7,
    events: 1,
    survival: 0.5378151260504201,
    standardError: 0.128233751693034,
    plain: [0.28648159112962135, 0.789148660971219],
    log: [0.3370366161576847, 0.8582008480446651],
    'log-log': [0.267778936767135, 0.7467907176353946],
  },
  {
    time: 23,
    atRisk: 6,
    events: 1,
    survival: 0.4481792717086835,
    standardError: 0.13459145675576045,
    plain: [0.18438486384061278, 0.7119736795767542],
    log: [0.24878822681765964, 0.8073720455290774],
    'log-log': [0.18805200595923233, 0.6801426284952415],
  },
]

/** The estimates for those not treated. */
export const placeboSteps: readonly ReferenceStep[] = [
  {
    time: 1,
    atRisk: 21,
    events: 2,
    survival: 0.9047619047619048,
    standardError: 0.06405644848900469,
    plain: [0.7792135727459104, 1],
    log: [0.787535047532568, 1],
    'log-log': [0.6700458822350335, 0.9752941490381125],
  },
  {
    time: 2,
    atRisk: 19,
    events: 2,
    survival: 0.8095238095238095,
    standardError: 0.08568908674689879,
    plain: [0.6415762856317594, 0.9774713334158597],
    log: [0.6578530624079788, 0.9961628753193029],
    'log-log': [0.5689050599241725, 0.9238888285592948],
  },
  {
    time: 3,
    atRisk: 17,
    events: 1,
    survival: 0.7619047619047619,
    standardError: 0.09294286409033649,
    plain: [0.5797400956677012, 0.9440694281418225],
    log: [0.5998804822130563, 0.9676908708074607],
    'log-log': [0.5193914153284287, 0.8932571097824872],
  },
  {
    time: 4,
    atRisk: 16,
    events: 2,
    survival: 0.6666666666666666,
    standardError: 0.10286889997472794,
    plain: [0.4650473275869466, 0.8682860057463867],
    log: [0.4926806336761163, 0.9020944077469424],
    'log-log': [0.42535043556524715, 0.8250440087973401],
  },
  {
    time: 5,
    atRisk: 14,
    events: 2,
    survival: 0.5714285714285714,
    standardError: 0.10798984943120778,
    plain: [0.35977235584750095, 0.7830847870096419],
    log: [0.39454812147806106, 0.8276065566391368],
    'log-log': [0.33797695385949306, 0.7492407099432166],
  },
  {
    time: 8,
    atRisk: 12,
    events: 4,
    survival: 0.38095238095238093,
    standardError: 0.10597116957413082,
    plain: [0.17325270518749775, 0.5886520567172642],
    log: [0.22084536131822993, 0.6571327361690367],
    'log-log': [0.18306654882039436, 0.577788677745831],
  },
  {
    time: 11,
    atRisk: 8,
    events: 2,
    survival: 0.2857142857142857,
    standardError: 0.0985807941917649,
    plain: [0.09249947953107117, 0.47892909189750027],
    log: [0.14529127038677428, 0.5618551812776732],
    'log-log': [0.11656132643676465, 0.48181964800902555],
  },
  {
    time: 12,
    atRisk: 6,
    events: 2,
    survival: 0.19047619047619047,
    standardError: 0.08568908674689879,
    plain: [0.02252866658414036, 0.3584237143682406],
    log: [0.0788701399577345, 0.46001159827742943],
    'log-log': [0.059481701361175233, 0.37743489058515006],
  },
  {
    time: 15,
    atRisk: 4,
    events: 1,
    survival: 0.14285714285714285,
    standardError: 0.07636035483212125,
    plain: [0, 0.2925206881747996],
    log: [0.050108983966490855, 0.4072755352404187],
    'log-log': [0.0356573551906667, 0.32116157468086926],
  },
  {
    time: 17,
    atRisk: 3,
    events: 1,
    survival: 0.09523809523809523,
    standardError: 0.06405644848900469,
    plain: [0, 0.22078642725408962],
    log: [0.02548582806847198, 0.35589562796278856],
    'log-log': [0.016259260212247006, 0.2612499819686869],
  },
  {
    time: 22,
    atRisk: 2,
    events: 1,
    survival: 0.047619047619047616,
    standardError: 0.046471432045168244,
    plain: [0, 0.13870138073757793],
    log: [0.0070322298473955895, 0.32245443413442015],
    'log-log': [0.003324463042531174, 0.1970449056989461],
  },
  { time: 23, atRisk: 1, events: 1, survival: 0, standardError: null },
]
