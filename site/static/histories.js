// Days and the statuses that held on them; the same rules as in sister_pages/status.py.

const DAY = 24 * 3600 * 1000;
const INVASION = "2022-02-24";
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

export const dayNumber = (date) => Math.round(Date.parse(`${date}T00:00:00Z`) / DAY);
export const dayOf = (number) => new Date(number * DAY).toISOString().slice(0, 10);

export function spoken(date, precision = "day") {
  const [year, month, day] = date.split("-").map(Number);
  if (precision === "year") return `${year}`;
  return precision === "month" ? `${MONTHS[month - 1]} ${year}` : `${day} ${MONTHS[month - 1]} ${year}`;
}

export function isOlder({ status, from }) {
  return status !== "listed" && Boolean(from) && from < INVASION;
}

export function statusOn(history, date) {
  return history.findLast(({ from, to }) => from <= date && (!to || date < to));
}

export function turningDays(histories) {
  const starts = histories.flat().map(({ from }) => from).filter(Boolean);
  return [...new Set(starts)].sort().map(dayNumber);
}
