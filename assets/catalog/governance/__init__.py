"""May we show this, is it sound, is it twice here: pure rules over records."""
