"""The pages that a whole room looks at: a class on a projector, a fair on its big screen."""
