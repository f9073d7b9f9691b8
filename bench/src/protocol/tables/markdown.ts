export type Row = readonly (string | number)[];

export function markdown(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export const grouped = (value: number): string => Math.round(value).toLocaleString('en-US').replaceAll(',', ' ');
export const percent = (value: number, digits = 1): string => `${(value * 100).toFixed(digits)} %`;
