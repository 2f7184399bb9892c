//! Runs the content of a page as far as it shows text (ISO 32000-1, 9.4).

use super::bounds::{font_is_small, is_small};
use super::layout::Glyph;
use hayro_cmap::BfString;
use hayro_font::{Font, FontCache, FontGlyph, FontQuery};
use hayro_syntax::content::ops::TypedInstruction;
use hayro_syntax::content::{TypedIter, ops};
use hayro_syntax::object::{Array, Dict, Name, Number, Object, Stream, dict::keys};
use hayro_syntax::page::{Page, Resources};
use std::sync::Arc;

/// Forms inside each other that are followed.
const MOST_LEVELS: usize = 24;

/// Instructions, and characters, of one page that are followed.
const MOST_INSTRUCTIONS: u64 = 10_000_000;
const MOST_GLYPHS: usize = 2_000_000;

/// Saved states of graphics.
const MOST_STATES: usize = 4096;

/// A transformation of coordinates: `x' = a x + c y + e`, `y' = b x + d y + f`.
#[derive(Debug, Clone, Copy)]
struct Matrix([f64; 6]);

impl Matrix {
    const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// This one, then `after`.
    fn then(self, after: Self) -> Self {
        let (one, two) = (self.0, after.0);
        let row = |x: f64, y: f64| (x * two[0] + y * two[2], x * two[1] + y * two[3]);
        let (first, second, origin) = (row(one[0], one[1]), row(one[2], one[3]), row(one[4], one[5]));
        Self([first.0, first.1, second.0, second.1, origin.0 + two[4], origin.1 + two[5]])
    }

    fn shift(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }
}

#[derive(Clone)]
struct State<'a> {
    matrix: Matrix,
    font: Option<Font<'a>>,
    size: f64,
    character_space: f64,
    word_space: f64,
    scale: f64,
    leading: f64,
    rise: f64,
}

/// Fonts of a document.
pub(super) struct Fonts<'a> {
    cache: FontCache<'a>,
    resolver: hayro_font::FontResolverFn,
    cmaps: hayro_font::CMapResolverFn,
}

impl<'a> Fonts<'a> {
    pub(super) fn new() -> Self {
        let resolver = |query: &FontQuery| match query {
            FontQuery::Standard(font) => Some(font.get_font_data()),
            FontQuery::Fallback(query) => Some(query.pick_standard_font().get_font_data()),
        };
        Self { cache: FontCache::new(), resolver: Arc::new(resolver), cmaps: Arc::new(hayro_cmap::load_embedded) }
    }

    fn load(&self, dict: &Dict<'a>) -> Option<Font<'a>> {
        font_is_small(dict).then(|| self.cache.font(dict, &self.resolver, &self.cmaps))?
    }
}

/// What a page shows.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) glyphs: Vec<Glyph>,
    /// It has a picture.
    pub(super) has_image: bool,
    /// Why some of it is missing.
    pub(super) gap: Option<&'static str>,
}

/// Runs the content of a page.
pub(super) fn show<'a>(page: &Page<'a>, fonts: &Fonts<'a>) -> Shown {
    let mut run = Run { fonts, shown: Shown::default(), instructions: 0, forms: Vec::new() };
    if !contents_are_small(page) {
        run.shown.gap = Some("the content of a page expands to more than the limit");
        return run.shown;
    }
    match page.page_stream() {
        Some(content) => run.content(content, page.resources(), Matrix::IDENTITY),
        None if page.raw().contains_key(keys::CONTENTS) => run.shown.gap = Some("the content of a page cannot be read"),
        None => {}
    }
    run.shown
}

fn contents_are_small(page: &Page<'_>) -> bool {
    match page.raw().get::<Object<'_>>(keys::CONTENTS) {
        Some(Object::Stream(stream)) => is_small(&stream),
        Some(Object::Array(streams)) => streams.iter::<Stream<'_>>().all(|stream| is_small(&stream)),
        _ => true,
    }
}

struct Run<'f, 'a> {
    fonts: &'f Fonts<'a>,
    shown: Shown,
    instructions: u64,
    /// Object numbers of the forms that are being run: one inside itself is none.
    forms: Vec<u32>,
}

impl<'a> Run<'_, 'a> {
    fn content(&mut self, content: &[u8], resources: &Resources<'a>, matrix: Matrix) {
        let state = State {
            matrix,
            font: None,
            size: 0.0,
            character_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        let mut text = Text { state, saved: Vec::new(), line: Matrix::IDENTITY, at: Matrix::IDENTITY };
        let mut instructions = TypedIter::new(content);
        while let Some(instruction) = instructions.next() {
            self.instructions += 1;
            if self.instructions > MOST_INSTRUCTIONS || self.shown.glyphs.len() > MOST_GLYPHS {
                self.shown.gap = Some("a page is longer than any should be");
                return;
            }
            match instruction {
                TypedInstruction::XObject(ops::XObject(name)) => self.object(name, resources, text.state.matrix),
                TypedInstruction::InlineImage(_) => self.shown.has_image = true,
                TypedInstruction::TextFont(ops::TextFont(name, size)) => {
                    text.state.size = size.as_f64();
                    text.state.font = resources.get_font(name).and_then(|dict| self.fonts.load(&dict));
                }
                other => text.instruction(&other, &mut self.shown.glyphs),
            }
        }
    }

    fn object(&mut self, name: &Name<'_>, resources: &Resources<'a>, matrix: Matrix) {
        let Some(object) = resources.get_x_object(name) else { return };
        let dict = object.dict();
        if dict.get::<Name<'_>>(keys::SUBTYPE).is_some_and(|kind| kind.as_ref() == b"Image") {
            self.shown.has_image = true;
            return;
        }
        let number = dict.obj_id().map_or(0, |id| id.obj_number);
        if self.forms.len() >= MOST_LEVELS || (number != 0 && self.forms.contains(&number)) {
            return;
        }
        if !is_small(&object) {
            self.shown.gap = Some("a form of a page expands to more than the limit");
            return;
        }
        let Ok(content) = object.decoded_data() else {
            self.shown.gap = Some("a form of a page cannot be read");
            return;
        };
        let own =
            dict.get::<Array<'_>>(keys::MATRIX).map(|array| array.iter::<f32>().map(f64::from).collect::<Vec<_>>());
        let own = own.and_then(|numbers| <[f64; 6]>::try_from(numbers).ok()).map_or(Matrix::IDENTITY, Matrix);
        let inner = dict.get::<Dict<'a>>(keys::RESOURCES).map(Resources::new);
        self.forms.push(number);
        // What decoding costs counts too.
        self.instructions += 100 + content.len() as u64 / 16;
        self.content(&content, inner.as_ref().unwrap_or(resources), own.then(matrix));
        self.forms.pop();
    }
}

/// The state of text while a content runs.
struct Text<'a> {
    state: State<'a>,
    saved: Vec<State<'a>>,
    /// Where the present line starts, and where the next character stands.
    line: Matrix,
    at: Matrix,
}

impl Text<'_> {
    fn instruction(&mut self, instruction: &TypedInstruction<'_, '_>, glyphs: &mut Vec<Glyph>) {
        let number = |number: &Number| number.as_f64();
        match instruction {
            TypedInstruction::SaveState(_) if self.saved.len() < MOST_STATES => self.saved.push(self.state.clone()),
            TypedInstruction::RestoreState(_) => self.state = self.saved.pop().unwrap_or_else(|| self.state.clone()),
            TypedInstruction::Transform(own) => {
                let own = [&own.0, &own.1, &own.2, &own.3, &own.4, &own.5];
                self.state.matrix = Matrix(own.map(number)).then(self.state.matrix);
            }
            TypedInstruction::BeginText(_) => self.start_line(Matrix::IDENTITY),
            TypedInstruction::CharacterSpacing(ops::CharacterSpacing(space)) => {
                self.state.character_space = number(space);
            }
            TypedInstruction::WordSpacing(ops::WordSpacing(space)) => self.state.word_space = number(space),
            TypedInstruction::HorizontalScaling(ops::HorizontalScaling(scale)) => {
                self.state.scale = number(scale) / 100.0;
            }
            TypedInstruction::TextLeading(ops::TextLeading(leading)) => self.state.leading = number(leading),
            TypedInstruction::TextRise(ops::TextRise(rise)) => self.state.rise = number(rise),
            TypedInstruction::NextLine(ops::NextLine(x, y)) => self.next_line(number(x), number(y)),
            TypedInstruction::NextLineAndSetLeading(ops::NextLineAndSetLeading(x, y)) => {
                self.state.leading = -number(y);
                self.next_line(number(x), number(y));
            }
            TypedInstruction::SetTextMatrix(own) => {
                let own = [&own.0, &own.1, &own.2, &own.3, &own.4, &own.5];
                self.start_line(Matrix(own.map(number)));
            }
            TypedInstruction::NextLineUsingLeading(_) => self.next_line(0.0, -self.state.leading),
            TypedInstruction::ShowText(ops::ShowText(text)) => self.show(text.as_bytes(), glyphs),
            TypedInstruction::NextLineAndShowText(ops::NextLineAndShowText(text)) => {
                self.next_line(0.0, -self.state.leading);
                self.show(text.as_bytes(), glyphs);
            }
            TypedInstruction::ShowTextWithParameters(ops::ShowTextWithParameters(word, character, text)) => {
                self.state.word_space = number(word);
                self.state.character_space = number(character);
                self.next_line(0.0, -self.state.leading);
                self.show(text.as_bytes(), glyphs);
            }
            TypedInstruction::ShowTexts(ops::ShowTexts(texts)) => {
                for text in texts.iter::<Object<'_>>() {
                    match text {
                        Object::String(text) => self.show(text.as_bytes(), glyphs),
                        Object::Number(shift) => self.advance(-shift.as_f64() / 1000.0 * self.state.size),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn start_line(&mut self, line: Matrix) {
        self.line = line;
        self.at = line;
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.start_line(Matrix::shift(x, y).then(self.line));
    }

    /// Moves on along the line, by a length that scaling still applies to.
    fn advance(&mut self, length: f64) {
        let is_level = self.state.font.as_ref().is_none_or(Font::is_horizontal);
        let shift = if is_level { Matrix::shift(length * self.state.scale, 0.0) } else { Matrix::shift(0.0, length) };
        self.at = shift.then(self.at);
    }

    fn show(&mut self, bytes: &[u8], glyphs: &mut Vec<Glyph>) {
        let Some(font) = self.state.font.clone() else { return };
        let mut offset = 0;
        while offset < bytes.len() {
            let (code, length) = font.read_code(bytes, offset);
            let is_space = length == 1 && bytes[offset] == b' ';
            offset += length.max(1);
            let text = match font.glyph(font.map_code(code), code) {
                FontGlyph::Outline(glyph) => glyph.as_unicode(),
                FontGlyph::Type3(glyph) => glyph.as_unicode(),
            };
            let advance = font.code_advance(code);
            let width = if font.is_horizontal() { advance.x } else { advance.y } / 1000.0 * self.state.size;
            let spaced = width + self.state.character_space + if is_space { self.state.word_space } else { 0.0 };
            let text = match text {
                Some(BfString::Char(character)) => character.to_string(),
                Some(BfString::String(text)) => text,
                None => char::REPLACEMENT_CHARACTER.to_string(),
            };
            if let Some(glyph) = self.glyph(&text, width) {
                glyphs.push(glyph);
            }
            self.advance(spaced);
        }
    }

    /// A character at the present place, which is `width` long.
    fn glyph(&self, text: &str, width: f64) -> Option<Glyph> {
        let State { matrix, scale, rise, size, .. } = self.state;
        let [right_x, right_y, up_x, up_y, x, y] = Matrix::shift(0.0, rise).then(self.at).then(matrix).0;
        let (reach, height) = (right_x.hypot(right_y), up_x.hypot(up_y));
        // A line that leans belongs to the nearest level or upright one.
        let turns = match (right_x.abs() >= right_y.abs(), right_x >= 0.0, right_y >= 0.0) {
            (true, true, _) => 0,
            (true, false, _) => 2,
            (false, _, true) => 1,
            (false, _, false) => 3,
        };
        let (left, base) = match turns {
            0 => (x, -y),
            1 => (y, x),
            2 => (-x, y),
            _ => (-y, -x),
        };
        let size = (size.abs() * height).max(0.01);
        let right = left + width * scale * reach;
        let is_place = [left, right, base, size].iter().all(|number| number.is_finite());
        let text: String = text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
        (is_place && !text.is_empty()).then_some(Glyph { text, left, right, base, size, turns })
    }
}
