import { describe, expect, it } from 'vitest';
import { lineChart } from './lineChart.ts';

describe('lineChart', () => {
  it('keeps every point inside the plot, escapes its texts and loads nothing', () => {
    const svg = lineChart({
      title: 'a < b & c',
      description: 'seed 7',
      x: { label: 'x', scale: 'linear', from: 0, to: 10, ticks: [{ at: 0, text: '0' }] },
      y: { label: 'y', scale: 'log', from: 1e-6, to: 1, ticks: [{ at: 1, text: '1' }] },
      series: [{ name: 'zero', colour: '#123456', points: [0, 5, 10, 20].map((x) => ({ x, y: x === 5 ? 0 : 0.5 })) }],
    });
    expect(svg).toContain('<title id="title">a &lt; b &amp; c</title>');
    expect(svg).toContain('<desc id="description">seed 7</desc>');
    expect(svg).not.toMatch(/href|url\(|<script|NaN|Infinity/);
    const points = /points="([^"]*)"/.exec(svg)?.[1] ?? '';
    for (const point of points.split(' ')) {
      const [x, y] = point.split(',').map(Number) as [number, number];
      expect(x >= 96 && x <= 566 && y >= 52 && y <= 356).toBe(true);
    }
  });
});
