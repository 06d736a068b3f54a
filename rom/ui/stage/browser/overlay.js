// The skeleton and the arc of the angle, drawn over the picture in its own pixels.

const SURE = 0.5;
// Pairs of BlazePose landmarks; lines across a face are unpleasant to look at.
const LIMBS = [
  [11, 12], [23, 24],
  [11, 13], [13, 15], [11, 23], [23, 25], [25, 27], [27, 31],
  [12, 14], [14, 16], [12, 24], [24, 26], [26, 28], [28, 32],
];
const LINE_FRAC = 0.007;
const ARC_FRAC = 0.6;
const EDGE = "rgba(20, 24, 27, 0.75)";
const LIMB = "rgba(240, 244, 245, 0.95)";
const ANGLE = "#ffb000";
const ANGLE_FILL = "rgba(255, 176, 0, 0.32)";

export class Overlay {
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d");
  }

  clear() {
    this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  draw(feedback, [width_px, height_px]) {
    if (this.canvas.width !== width_px || this.canvas.height !== height_px) {
      this.canvas.width = width_px;
      this.canvas.height = height_px;
    }
    this.clear();
    this.line_px = Math.max(2, LINE_FRAC * Math.min(width_px, height_px));
    this.skeleton(feedback.points);
    if (feedback.arc) this.angle(feedback.arc);
  }

  skeleton(points) {
    const seen = (index) => points[index] && points[index][2] >= SURE;
    for (const [colour, more] of [[EDGE, 2], [LIMB, 0]]) {
      for (const [from, to] of LIMBS) {
        if (seen(from) && seen(to)) this.line(points[from], points[to], colour, this.line_px + more);
      }
    }
  }

  angle([centre, start, end]) {
    if (!centre || !start || !end) return;
    const reach_px = Math.hypot(end[0] - centre[0], end[1] - centre[1]);
    const from = Math.atan2(start[1] - centre[1], start[0] - centre[0]);
    const to = Math.atan2(end[1] - centre[1], end[0] - centre[0]);
    const turn = Math.atan2(Math.sin(to - from), Math.cos(to - from));
    const pen = this.pen;
    pen.beginPath();
    pen.moveTo(centre[0], centre[1]);
    pen.arc(centre[0], centre[1], ARC_FRAC * reach_px, from, from + turn, turn < 0);
    pen.closePath();
    pen.fillStyle = ANGLE_FILL;
    pen.fill();
    for (const [colour, more] of [[EDGE, 3], [ANGLE, 0]]) {
      this.line(centre, start, colour, this.line_px + more, [3 * this.line_px, 2 * this.line_px]);
      this.line(centre, end, colour, 1.5 * this.line_px + more);
    }
  }

  line(from, to, colour, width_px, dashes = []) {
    const pen = this.pen;
    pen.beginPath();
    pen.setLineDash(dashes);
    pen.lineCap = "round";
    pen.lineWidth = width_px;
    pen.strokeStyle = colour;
    pen.moveTo(from[0], from[1]);
    pen.lineTo(to[0], to[1]);
    pen.stroke();
  }
}
